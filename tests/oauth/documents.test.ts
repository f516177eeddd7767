import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { type Documents, serveDocuments } from '../support/oauth-documents.ts';
import { beginRequest, createHandClient, createPerson, letIn, type Person, register } from '../support/oauth.ts';

/** Metadata documents as clients of the field write them, and redirects that nobody should take for a host. */

let app: TestApp;
let admin: Person;
let documents: Documents;
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const redirect = 'https://chatgpt.example/connector/oauth/x';

beforeAll(async () => {
  app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
  admin = await createPerson(app.url);
  const chatGpt = {
    client_name: 'ChatGPT',
    client_uri: 'https://chatgpt.example/',
    redirect_uris: [redirect],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
  };
  const withKey = {
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'RS256',
  };
  const either = { token_endpoint_auth_methods_supported: ['none', 'private_key_jwt'] };
  documents = await serveDocuments((base) => {
    const all = {
      key: { ...withKey, jwks_uri: `${base}/keys.json` },
      either: { ...withKey, ...either, jwks_uri: `${base}/keys.json` },
      chosen: { ...either, token_endpoint_auth_signing_alg: 'RS256', jwks_uri: `${base}/keys.json` },
      'no-keys': either,
      silent: {},
      none: { token_endpoint_auth_method: 'none' },
      scheme: { redirect_uris: ['editor://chatgpt.example/callback'] },
    };
    const named = Object.entries(all).map(([name, more]) => [
      `/${name}.json`,
      { client_id: `${base}/${name}.json`, ...chatGpt, ...more },
    ]);
    const jwk = keys.publicKey.export({ format: 'jwk' });
    return { ...Object.fromEntries(named), '/keys.json': { keys: [{ ...jwk, use: 'sig', alg: 'RS256' }] } };
  });
});
afterAll(async () => {
  documents.close();
  await app.stop();
});

function proof(id: string) {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: id, sub: id, aud: app.url, jti: randomUUID(), iat: now, exp: now + 60 };
  const text = [{ alg: 'RS256' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return {
    client_assertion: `${text}.${sign('sha256', Buffer.from(text), keys.privateKey).toString('base64url')}`,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  };
}

/** Signs in with or without an assertion, and refreshes; gives the statuses. */
async function statuses(name: string, isProved: boolean): Promise<number[]> {
  const id = documents.url(`/${name}.json`);
  const client = await createHandClient(app.url, { id, metadata: { redirect_uris: [redirect] } });
  const asked = client.authorizationUrl();
  const code = (await letIn(admin, asked.url)).searchParams.get('code') ?? '';
  const first = await client.exchange(code, asked.verifier, isProved ? proof(id) : {});
  if (first.status !== 200) return [first.status];
  const second = await client.refresh(first.body.refresh_token, isProved ? proof(id) : {});
  return [first.status, second.status];
}

describe('a metadata document', () => {
  it.each([
    ['either', true],
    ['either', false],
    ['chosen', true],
    ['chosen', false],
    ['key', true],
    ['no-keys', false],
    ['silent', false],
    ['none', false],
  ])('that is %s lets its client in (with an assertion: %s)', async (name, isProved) => {
    expect(await statuses(name, isProved)).toEqual([200, 200]);
  });

  it.each([
    ['key', false],
    ['none', true],
    ['silent', true],
  ])('that is %s keeps its client to the method that it names (with an assertion: %s)', async (name, isProved) => {
    expect(await statuses(name, isProved)).toEqual([401]);
  });

  it.each([3_500, 2_049])('at an address of %i bytes is refused on a page, and not fetched', async (length) => {
    const asked = documents.asked.length;
    const id = documents.url(`/${'x'.repeat(length)}`).slice(0, length);
    const client = await createHandClient(app.url, { id });
    const response = await admin.browser.fetch(client.authorizationUrl().url);
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
    expect(documents.asked).toHaveLength(asked);
  });
});

describe('a redirect to a scheme', () => {
  it('of a program is shown as what it is, not as the host that it names', async () => {
    const { body } = await register(app.url, { redirect_uris: ['editor://claude.ai/callback'] });
    const registered = await createHandClient(app.url, { id: body.client_id, metadata: body });
    const id = documents.url('/scheme.json');
    const document = await createHandClient(app.url, {
      id,
      metadata: { redirect_uris: ['editor://chatgpt.example/callback'] },
    });
    for (const client of [registered, document]) {
      const uid = await beginRequest(admin, client.authorizationUrl().url);
      expect((await admin.query('oauth.request', { uid })).body.redirect).toMatchObject({
        host: 'editor:',
        scheme: 'editor:',
        isLoopback: false,
      });
    }
  });

  it.each([
    'view-source:https://x.example',
    'filesystem:x',
    'ws://x.example',
    'mailto:a@b.example',
    'intent://x',
    'INTENT://x',
    'ms-msdt:/id',
    'search-ms:x',
    'chrome-extension://x/y',
  ])('%s, which a system acts upon, is not registered', async (uri) => {
    const { status, body } = await register(app.url, { redirect_uris: [uri] });
    expect([status, body.error]).toEqual([400, 'invalid_redirect_uri']);
  });

  it.each([
    'vscode://vscode.github-authentication/did-authenticate',
    'cursor://anysphere.cursor-mcp/oauth/callback',
    'com.example.app:/callback',
  ])('%s, which a program has for itself, is', async (uri) => {
    expect((await register(app.url, { redirect_uris: [uri] })).status).toBe(201);
  });
});

it.each(['state', 'client_id', 'redirect_uri'])('U+0000 in %s is refused and not left out', async (name) => {
  const client = await createHandClient(app.url);
  const response = await admin.browser.fetch(client.authorizationUrl({ [name]: 'a\0b' }).url);
  const told = response.headers.get('location');
  expect([response.status, told]).toEqual([400, null]);
  if (name === 'state') expect(await response.text()).toContain('invalid_request');
});
