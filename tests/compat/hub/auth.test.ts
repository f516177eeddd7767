import { afterAll, beforeAll, expect } from 'vitest';
import { adminPassword, type Json } from '../../support/app.ts';
import { type CompatApp, createCompatApp } from '../compat-app.ts';
import { verifies } from '../verifies.ts';

let app: CompatApp;
beforeAll(async () => {
  app = await createCompatApp();
});
afterAll(() => app.stop());

function login(body: Json) {
  return app.json('/api/auth/login', { body, auth: false });
}

verifies(36, 'the documented body gives a token, its life in seconds and the user', async () => {
  const { status, body } = await login({ username: 'admin', password: adminPassword, mfaCode: '123456' });
  expect(status).toBe(200);
  expect(body.success).toBe(true);
  expect(body.data).toEqual({
    token: expect.stringMatching(/^eyJ/),
    refreshToken: expect.any(String),
    expiresIn: 86_400,
    user: { id: expect.any(String), username: 'admin', role: 'admin', permissions: ['*'] },
  });
  const listed = await app.json('/api/servers', {
    auth: false,
    headers: { authorization: `Bearer ${body.data.token}` },
  });
  expect(listed.status).toBe(200);
});

verifies(36, 'a wrong password and an unknown user look the same', async () => {
  const wrong = await login({ username: 'admin', password: 'not this one' });
  const unknown = await login({ username: 'nobody', password: 'not this one' });
  for (const { status, body } of [wrong, unknown]) {
    expect([status, body.error.code]).toEqual([401, 'AUTHENTICATION_FAILED']);
  }
  expect(wrong.body.error).toEqual(unknown.body.error);
});

verifies(36, 'missing fields are refused by name', async () => {
  const { status, body } = await login({ password: 'x' });
  expect([status, body.error.code]).toEqual([422, 'VALIDATION_ERROR']);
  expect(body.error.details).toMatchObject({ field: 'username', reason: '用户名不能为空' });
  expect((await login({ username: 'admin', password: 5 })).status).toBe(422);
});

verifies(36, 'guessing is slowed down', async () => {
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 9; attempt += 1) {
    statuses.push((await login({ username: 'victim', password: `guess ${attempt}` })).status);
  }
  expect(statuses[0]).toBe(401);
  expect(statuses.at(-1)).toBe(429);
});

verifies(36, 'a token of somebody else does not work', async () => {
  const { body } = await login({ username: 'admin', password: adminPassword });
  const [head, claims] = body.data.token.split('.');
  const bad = [`${head}.${claims}.AAAA`, 'sbk_unknown1_abcdef', 'garbage'];
  for (const token of bad) {
    const answer = await app.json('/api/servers', { auth: false, headers: { authorization: `Bearer ${token}` } });
    expect([answer.status, answer.body.error.code], token).toEqual([401, 'AUTHENTICATION_FAILED']);
  }
});
