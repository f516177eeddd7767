import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProxy } from '../../packages/mcp-runtime/src/upstream/fixtures/proxy.ts';
import { createTestApp, type TestApp } from '../support/app.ts';
import { type Documents, serveDocuments } from '../support/oauth-documents.ts';
import { beginRequest, createHandClient, createPerson, letIn, type Person, resume } from '../support/oauth.ts';

/** What the engine of OAuth does by itself and must not do here. */

let app: TestApp;
let admin: Person;
let documents: Documents;

beforeAll(async () => {
  app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
  admin = await createPerson(app.url);
  documents = await serveDocuments((base) => ({
    // As Claude Code and Visual Studio Code publish theirs.
    '/claude.json': {
      client_id: `${base}/claude.json`,
      client_name: 'Claude Code',
      client_uri: 'https://claude.example',
      redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
    '/vscode.json': {
      client_id: `${base}/vscode.json`,
      client_name: 'Visual Studio Code',
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
      response_types: ['code'],
      redirect_uris: ['https://vscode.dev/redirect', 'http://127.0.0.1/', 'http://127.0.0.1:33418/'],
      token_endpoint_auth_method: 'none',
      application_type: 'native',
    },
  }));
});
afterAll(async () => {
  documents.close();
  await app.stop();
});

it.each([
  ['/claude.json', 'http://localhost:54917/callback'],
  ['/claude.json', 'http://127.0.0.1:3118/callback'],
  ['/vscode.json', 'http://127.0.0.1:61001/'],
  ['/vscode.json', 'https://vscode.dev/redirect'],
])('the client of the document %s is native: it may be answered at %s, and refreshes', async (name, redirect_uri) => {
  const client = await createHandClient(app.url, { id: documents.url(name) });
  const asked = client.authorizationUrl({ redirect_uri });
  const back = await letIn(admin, asked.url);
  expect(back.href.startsWith(redirect_uri)).toBe(true);
  const { status, body } = await client.exchange(back.searchParams.get('code') ?? '', asked.verifier, { redirect_uri });
  expect(status).toBe(200);
  expect((await client.refresh(body.refresh_token)).status).toBe(200);
});

describe('the engine has no sign-in of its own', () => {
  it('so that a person who signed out is asked again', async () => {
    const person = await createPerson(app.url);
    const client = await createHandClient(app.url);
    const uid = await beginRequest(person, client.authorizationUrl().url);
    const { body } = await person.mutate('oauth.decide', { uid, allow: true });
    await person.mutate('auth.logout', {});
    const told = await person.browser.fetch(body.redirectTo);
    expect(told.headers.get('location')).toMatch(/\/ui\/oauth\/[\w-]{43}$/);
    const uidAfter = await beginRequest(person, client.authorizationUrl().url);
    expect((await person.query('oauth.request', { uid: uidAfter })).status).toBe(401);
  });

  it('so that tokens outlive the sign-in of the browser, and nothing of a session is stored', async () => {
    const person = await createPerson(app.url);
    const client = await createHandClient(app.url);
    const tokens = await client.connect(person);
    await person.mutate('auth.logout', {});
    expect((await client.refresh(tokens.refresh_token)).status).toBe(200);
    expect(await app.connection.sql`select 1 from oauth_objects where model = 'Session'`).toHaveLength(0);
  });

  it('so that the next person at the same browser lets clients in for themselves', async () => {
    const client = await createHandClient(app.url);
    const person = await createPerson(app.url);
    await client.connect(person);
    await person.mutate('auth.logout', {});
    await person.mutate('auth.login', { username: 'admin', password: 'correct horse battery staple' });
    const uid = await beginRequest(person, client.authorizationUrl().url);
    expect((await person.query('oauth.request', { uid })).body.has).toBeNull();
    const { body } = await person.mutate('oauth.decide', { uid, allow: true });
    expect((await resume(person, body.redirectTo)).searchParams.has('code')).toBe(true);
  });
});

it('its keys follow SECRET_KEY', async () => {
  async function keyOf(SECRET_KEY: string): Promise<string> {
    await using hub = await createTestApp({ SECRET_KEY });
    const response = await fetch(`${hub.url}/oauth/jwks`);
    return response.text();
  }
  const one = Buffer.alloc(32, 1).toString('base64');
  const two = Buffer.alloc(32, 2).toString('base64');
  const first = await keyOf(one);
  expect(first).toContain('Ed25519');
  expect(await keyOf(one)).toBe(first);
  expect(await keyOf(two)).not.toBe(first);
});

it('its way to documents is that of remote servers, proxies included', async () => {
  await using proxy = await startProxy({ names: { 'documents.invalid': { status: 403 } } });
  await using behind = await createTestApp({ HTTPS_PROXY: `http://${proxy.host}` });
  const client = await createHandClient(behind.url, { id: 'https://documents.invalid/client.json' });
  const response = await fetch(client.authorizationUrl().url, { redirect: 'manual' });
  expect([response.status, response.headers.get('location')]).toEqual([400, null]);
  expect(new Set(proxy.asked)).toEqual(new Set(['CONNECT documents.invalid:443']));
});

it('its minor version is pinned: client ID documents are an experiment of it', () => {
  const file = path.join(import.meta.dirname, '../../apps/server/package.json');
  const { dependencies } = JSON.parse(readFileSync(file, 'utf8')) as { dependencies: Record<string, string> };
  expect(dependencies['oidc-provider']).toMatch(/^~?9\.13\.\d+$/);
});

it('it is loaded when a client needs it, and not by hubs that nobody signs in to', () => {
  const folder = path.join(import.meta.dirname, '../../apps/server/src/oauth');
  const lines = readdirSync(folder).flatMap((name) => readFileSync(path.join(folder, name), 'utf8').split('\n'));
  const named = lines.filter((line) => line.includes("'oidc-provider'"));
  const loading = named.filter((line) => !line.startsWith('import type '));
  expect(loading.map((line) => line.trim())).toEqual(["loaded ??= await import('oidc-provider');"]);
});
