import { afterAll, beforeAll, expect, test } from 'vitest';
import { adminPassword, createTestApp, type TestApp } from '../support/app.ts';
import { addPerson, callerOf } from '../support/people.ts';

/** Documents of others, which a frame asks for once. */

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.stop());

async function open(html: string): Promise<string> {
  return (await app.client().frames.showHtml.mutate({ html })).frameId;
}

function ask(id: string, headers: Record<string, string> = {}) {
  return app.fetch(`/frames/${id}`, { headers });
}

test('a document comes once, with an origin that is nobody’s and no network', async () => {
  const id = await open('<p>Hello</p>');
  const answer = await ask(id);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe('<p>Hello</p>');
  const { headers } = answer;
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(/^sandbox allow-scripts allow-forms; default-src 'none'; /);
  expect(policy).toMatch(/connect-src 'none'; .*form-action 'none'; frame-ancestors 'self'$/);
  expect(headers.get('permissions-policy')).toContain('camera=()');
  expect((await ask(id)).status).toBe(404);
});

test('nobody else gets it, and no other page', async () => {
  const id = await open('<p>Mine</p>');
  const ann = await addPerson(app, 'ann', { role: 'admin' });
  expect((await callerOf(app, ann.token).json(`/frames/${id}`)).status).toBe(404);
  expect((await app.fetch(`/frames/${id}`, { auth: false })).status).toBe(401);
  for (const site of ['cross-site', 'same-site', 'none']) {
    expect((await ask(id, { 'sec-fetch-site': site })).status).toBe(404);
  }
  expect((await ask(id, { 'sec-fetch-site': 'same-origin' })).status).toBe(200);
});

test('another sign-in of the same person does not get it either', async () => {
  const id = await open('<p>Mine</p>');
  const body = { username: 'admin', password: adminPassword };
  const signedIn = await app.fetch('/trpc/auth.login', { body, auth: false });
  const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  expect((await app.fetch(`/frames/${id}`, { auth: false, headers: { cookie } })).status).toBe(404);
  expect((await ask(id)).status).toBe(200);
});

test('what is no id is refused', async () => {
  expect((await ask('x')).status).toBe(422);
  expect((await ask('00000000-0000-4000-8000-000000000000')).status).toBe(404);
});

test('one person holds so many and no more', async () => {
  for (let n = 0; n < 32; n += 1) await open(`<p>${n}</p>`);
  await expect(open('<p>one more</p>')).rejects.toThrow('wait to be shown');
});
