import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { createHandClient, createPerson, type HandClient } from '../support/oauth.ts';

/** Errors of the endpoints that programs speak to, in the shape of RFC 6749, 7009 and 7591. */

let app: TestApp;
let client: HandClient;
let machine: Json;
beforeAll(async () => {
  app = await createTestApp();
  client = await createHandClient(app.url);
  const admin = await createPerson(app.url);
  machine = (await admin.mutate('oauth.machines.create', { name: 'M', endpoint: null })).body;
});
afterAll(() => app.stop());

async function send(path: string, init: RequestInit): Promise<{ status: number; headers: Headers; body: Json }> {
  const response = await fetch(app.url + path, { method: 'POST', redirect: 'manual', ...init });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}

function form(values: Record<string, string>): RequestInit {
  return { body: new URLSearchParams({ client_id: client.id, ...values }) };
}

const token = '/oauth/token';

describe('the token endpoint', () => {
  it.each<[string, () => RequestInit, number, string]>([
    ['nothing', () => ({}), 400, 'invalid_request'],
    ['no grant type', () => form({}), 400, 'invalid_request'],
    ['a grant type that it does not have', () => form({ grant_type: 'password' }), 400, 'unsupported_grant_type'],
    [
      'a grant type of devices',
      () => form({ grant_type: 'urn:ietf:params:oauth:grant-type:device_code' }),
      400,
      'unsupported_grant_type',
    ],
    ['no code', () => form({ grant_type: 'authorization_code' }), 400, 'invalid_request'],
    ['no refresh token', () => form({ grant_type: 'refresh_token' }), 400, 'invalid_request'],
    [
      'a refresh token that is none',
      () => form({ grant_type: 'refresh_token', refresh_token: 'x' }),
      400,
      'invalid_grant',
    ],
    ['U+0000', () => form({ grant_type: 'refresh_token', refresh_token: 'a\0b' }), 400, 'invalid_grant'],
    [
      'a parameter twice',
      () => ({ body: new URLSearchParams(`client_id=${client.id}&grant_type=refresh_token&grant_type=x`) }),
      400,
      'invalid_request',
    ],
    [
      'JSON',
      () => ({ body: '{"grant_type":"refresh_token"}', headers: { 'content-type': 'application/json' } }),
      400,
      'invalid_request',
    ],
    ['a client without a person', () => form({ grant_type: 'client_credentials' }), 400, 'unauthorized_client'],
    ['too much', () => form({ grant_type: 'x'.repeat(100_000) }), 400, 'invalid_request'],
  ])('refuses %s in JSON', async (_what, init, expected, error) => {
    const { status, headers, body } = await send(token, init());
    expect([status, body.error]).toEqual([expected, error]);
    expect(body.error_description).toMatch(/\w+ \w+/);
    expect(headers.get('content-type')).toContain('application/json');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it.each(['Basic x', 'Basic eDp5', 'Bearer x'])('asks for another credential than %s', async (authorization) => {
    const { status, headers, body } = await send(token, {
      headers: { authorization },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    expect([400, 401]).toContain(status);
    expect(['invalid_client', 'invalid_request']).toContain(body.error);
    if (status === 401) expect(headers.get('www-authenticate')).toMatch(/^Basic realm="/);
  });

  it('lets no machine in without its secret, nor with it in the query', async () => {
    const { clientId, clientSecret } = machine;
    const values = { grant_type: 'client_credentials', client_id: clientId };
    const without = await send(token, form(values));
    expect([without.status, without.body.error]).toEqual([401, 'invalid_client']);
    const query = await send(`${token}?client_secret=${clientSecret}`, form(values));
    expect(query.status).toBeGreaterThanOrEqual(400);
  });
});

it.each([
  ['/oauth/register', { body: 'x', headers: { 'content-type': 'application/json' } }, 'invalid_request'],
  [
    '/oauth/register',
    { body: '[]', headers: { 'content-type': 'application/json' } },
    'invalid_client_metadata|invalid_redirect_uri|invalid_request',
  ],
  ['/oauth/register', { body: 'a=b' }, 'invalid_request'],
  ['/oauth/revoke', { body: new URLSearchParams({ token: 'x' }) }, 'invalid_request|invalid_client'],
] as const)('%s refuses %j in JSON', async (path, init, error) => {
  const { status, body } = await send(path, init);
  expect([400, 401]).toContain(status);
  expect(body.error).toMatch(new RegExp(`^(?:${error})$`));
});

it('the revocation of a token that nobody knows is no error', async () => {
  expect((await send('/oauth/revoke', form({ token: 'x'.repeat(43) }))).status).toBe(200);
});
