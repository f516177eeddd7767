import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { createBrowser } from '../support/browser.ts';
import {
  beginRequest,
  createHandClient,
  createPerson,
  letIn,
  makePkce,
  type Person,
  register,
} from '../support/oauth.ts';

let app: TestApp;
let admin: Person;
beforeAll(async () => {
  app = await createTestApp();
  admin = await createPerson(app.url);
});
afterAll(() => app.stop());

function visit(url: URL) {
  return admin.browser.fetch(url);
}

/** Nothing was sent to anybody: the person reads why. */
async function expectPage(url: URL, error: string): Promise<void> {
  const response = await visit(url);
  expect(response.headers.get('location')).toBeNull();
  expect(response.status).toBe(400);
  expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  const text = await response.text();
  expect(text).toContain(error);
  expect(text).not.toContain('<script');
}

/** The browser stays on a page that says why; from there a person may tell the client, with the issuer and its state. */
async function expectTold(url: URL, error: string): Promise<void> {
  const response = await visit(url);
  expect([response.status, response.headers.get('location')]).toEqual([400, null]);
  const link = /<a href="([^"]+)">/.exec(await response.text())?.[1] ?? 'about:blank';
  const location = new URL(link.replaceAll('&amp;', '&'));
  expect(location.href.startsWith(url.searchParams.get('redirect_uri') ?? 'none')).toBe(true);
  expect(location.searchParams.get('state')).toBe(url.searchParams.get('state'));
  expect(location.searchParams.get('error')).toBe(error);
  expect(location.searchParams.get('iss')).toBe(app.url);
  expect(location.searchParams.get('code')).toBeNull();
}

describe('redirects', () => {
  it.each([
    'https://evil.example/callback',
    'http://127.0.0.1.evil.example:9/callback',
    'http://127.0.0.1:9/callback/../evil',
    'http://127.0.0.1:9/other',
    'http://user@127.0.0.1:9/callback',
    'http://127.0.0.1:9/callback?x=1',
    'http://127.0.0.1:9/callback#x',
    'http://localhost:9/callback',
    'javascript:alert(1)',
    '//evil.example/callback',
  ])('to %s, which the client did not register, are refused on a page', async (redirect) => {
    const client = await createHandClient(app.url);
    await expectPage(client.authorizationUrl({ redirect_uri: redirect }).url, 'invalid_redirect_uri');
  });

  it('to another port of the same machine are the native client’s own', async () => {
    const client = await createHandClient(app.url);
    const asked = client.authorizationUrl({ redirect_uri: 'http://127.0.0.1:51234/callback' });
    const back = await letIn(admin, asked.url);
    expect(back.host).toBe('127.0.0.1:51234');
    const other = await client.exchange(back.searchParams.get('code') ?? '', asked.verifier);
    expect(other.body.error).toBe('invalid_grant');
  });

  it.each([
    [['http://evil.example/callback'], 'https URLs'],
    [['javascript:alert(1)'], 'redirect_uris'],
    [['data:text/html,x'], 'redirect_uris'],
    [['https://client.example/callback#x'], 'fragments'],
    [[], 'redirect_uris'],
    [Array.from({ length: 21 }, (_, at) => `https://client.example/${at}`), 'at most 20'],
    [[`https://client.example/${'x'.repeat(2_048)}`], 'at most 2048'],
  ])('as %j are not registered', async (redirects, words) => {
    const { status, body } = await register(app.url, { redirect_uris: redirects });
    expect([status, body.error]).toEqual([400, expect.stringMatching(/^invalid_(redirect_uri|client_metadata)$/)]);
    expect(body.error_description).toContain(words);
  });
});

describe('an open redirect', () => {
  it.each([
    { prompt: 'none' },
    { code_challenge: undefined },
    { response_type: 'token' },
    { scope: 'x', resource: 'x' },
  ])('is no way through the hub: %j leads nowhere before a person has seen it', async (more) => {
    const client = await createHandClient(app.url, { metadata: { redirect_uris: ['https://evil.example/x'] } });
    for (const browser of [admin.browser, createBrowser()]) {
      for (const mode of [undefined, 'query', 'fragment', 'form_post']) {
        const response = await browser.fetch(client.authorizationUrl({ ...more, response_mode: mode }).url);
        expect([response.status, response.headers.get('location')]).toEqual([400, null]);
        const text = await response.text();
        expect(text).not.toMatch(/<script|<form|http-equiv/);
        expect(text.includes('<a href="https://evil.example/x')).toBe(mode !== 'form_post');
      }
    }
  });

  it('is told in the language of the browser', async () => {
    const client = await createHandClient(app.url, { id: 'nobody' });
    const { url } = client.authorizationUrl();
    const chinese = await fetch(url, { headers: { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' } });
    expect(await chinese.text()).toContain('<html lang="zh-CN">');
    const german = await fetch(url, { headers: { 'accept-language': 'de' } });
    expect(await german.text()).toContain('<html lang="en">');
  });
});

describe('codes', () => {
  it('are not given without PKCE, nor for the plain method', async () => {
    const client = await createHandClient(app.url);
    await expectTold(
      client.authorizationUrl({ code_challenge: undefined, code_challenge_method: undefined }).url,
      'invalid_request',
    );
    await expectTold(client.authorizationUrl({ code_challenge_method: 'plain' }).url, 'invalid_request');
    await expectTold(client.authorizationUrl({ code_challenge_method: undefined }).url, 'invalid_request');
  });

  it('are worth nothing without the verifier, to another client, or for another redirect', async () => {
    const client = await createHandClient(app.url);
    const other = await createHandClient(app.url);
    for (const steal of [
      (code: string) => client.exchange(code, makePkce().verifier),
      (code: string) => client.token({ grant_type: 'authorization_code', code, redirect_uri: client.redirectUri }),
      (code: string, verifier: string) => other.exchange(code, verifier),
      (code: string, verifier: string) => client.exchange(code, verifier, { redirect_uri: 'http://127.0.0.1:9/x' }),
    ]) {
      const asked = client.authorizationUrl();
      const back = await letIn(admin, asked.url);
      const { status, headers, body } = await steal(back.searchParams.get('code') ?? '', asked.verifier);
      expect([status, body.error]).toEqual([400, 'invalid_grant']);
      expect(headers.get('content-type')).toContain('application/json');
    }
  });

  it('are used once: a second use ends what the first one gave', async () => {
    const client = await createHandClient(app.url);
    const asked = client.authorizationUrl();
    const code = (await letIn(admin, asked.url)).searchParams.get('code') ?? '';
    const first = await client.exchange(code, asked.verifier);
    expect(first.status).toBe(200);
    expect((await client.exchange(code, asked.verifier)).body.error).toBe('invalid_grant');
    expect((await client.refresh(first.body.refresh_token)).body.error).toBe('invalid_grant');
  });

  it('that come several times at once are taken at most once', async () => {
    const client = await createHandClient(app.url);
    const asked = client.authorizationUrl();
    const code = (await letIn(admin, asked.url)).searchParams.get('code') ?? '';
    const answers = await Promise.all(Array.from({ length: 8 }, () => client.exchange(code, asked.verifier)));
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    for (const { status, body } of answers)
      if (status !== 200) expect([status, body.error]).toEqual([400, 'invalid_grant']);
  });
});

describe('resources', () => {
  it.each(['https://evil.example/mcp', 'not a url', '/mcp', 'http://127.0.0.1:1/mcp'])(
    '%s is none of this hub',
    async (resource) => {
      const client = await createHandClient(app.url);
      await expectTold(client.authorizationUrl({ resource }).url, 'invalid_target');
    },
  );

  it.each(['/ui', '/api/servers', '/trpc', '/messages', '/mcp?x=1', '/mcp#x', ''])(
    'at %s of the hub is no endpoint',
    async (path) => {
      const client = await createHandClient(app.url);
      await expectTold(client.authorizationUrl({ resource: `${app.url}${path}` }).url, 'invalid_target');
    },
  );

  it('are asked for one at a time: a token for two endpoints is for neither', async () => {
    const client = await createHandClient(app.url);
    const { url } = client.authorizationUrl();
    url.searchParams.append('resource', `${app.url}/mcp/other`);
    await expectTold(url, 'invalid_target');
  });

  it('that one token was given for are not another’s', async () => {
    await app.client().servers.create.mutate({ name: 'one', kind: 'stdio', command: 'node', desired: 'stopped' });
    const client = await createHandClient(app.url);
    const tokens = await client.connect(admin, { resource: `${app.url}/mcp/one` });
    for (const path of ['/mcp', '/mcp/two', '/sse/two', '/mcp/ONE', '/mcp/one%2f']) {
      const response = await fetch(app.url + path, {
        method: path.startsWith('/sse') ? 'GET' : 'POST',
        headers: { authorization: `Bearer ${tokens.access_token}` },
      });
      expect([path, response.status]).toEqual([path, 401]);
      expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
    }
  });

  it('do not take a token in the query', async () => {
    const client = await createHandClient(app.url);
    const tokens = await client.connect(admin);
    const response = await fetch(`${app.url}/mcp?access_token=${tokens.access_token}`, { method: 'POST' });
    expect(response.status).toBe(401);
  });
});

describe('consent', () => {
  it('is not given by pages of others, nor by a form', async () => {
    const client = await createHandClient(app.url);
    const uid = await beginRequest(admin, client.authorizationUrl().url);
    const body = JSON.stringify({ uid, allow: true });
    const foreign = await admin.browser.fetch(`${app.url}/trpc/oauth.decide`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'https://evil.example' },
      body,
    });
    expect(foreign.status).toBe(403);
    const form = await admin.browser.fetch(`${app.url}/trpc/oauth.decide`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body,
    });
    expect(form.status).toBeGreaterThanOrEqual(400);
    expect((await admin.query('oauth.request', { uid })).status).toBe(200);
  });

  it('is asked for each time: what was allowed before lets nobody in without a person', async () => {
    const client = await createHandClient(app.url);
    await client.connect(admin);
    for (const prompt of [undefined, 'login', 'consent']) {
      expect(await beginRequest(admin, client.authorizationUrl({ prompt }).url)).toMatch(/^[\w-]{43}$/);
    }
    // The person has let it in: it is told of an error without a page.
    const silent = await visit(client.authorizationUrl({ prompt: 'none' }).url);
    expect(silent.headers.get('location')).toContain('error=consent_required');
  });

  it('is not given with an API key, a token, or by nobody', async () => {
    const client = await createHandClient(app.url);
    const uid = await beginRequest(admin, client.authorizationUrl().url);
    const { key } = await app.client().keys.create.mutate({ name: 'all', scopes: ['*'] });
    const { access_token: token } = await client.connect(admin);
    for (const [credential, status] of [
      [`Bearer ${key}`, 403],
      [`Bearer ${token}`, 401],
      [null, 401],
    ] as const) {
      const response = await fetch(`${app.url}/trpc/oauth.decide`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(credential !== null && { authorization: credential }),
        },
        body: JSON.stringify({ uid, allow: true }),
      });
      expect(response.status).toBe(status);
    }
  });

  it('lets no refresh have a scope that was not given', async () => {
    const client = await createHandClient(app.url);
    const tokens = await client.connect(admin, { scope: 'mcp:read' });
    for (const scope of ['mcp:call', 'mcp:read mcp:call']) {
      const { status, body } = await client.refresh(tokens.refresh_token, { scope });
      expect([status, body.error]).toEqual([400, 'invalid_scope']);
    }
  });

  it('gives no scope that was not asked for', async () => {
    const client = await createHandClient(app.url);
    const uid = await beginRequest(admin, client.authorizationUrl({ scope: 'mcp:read' }).url);
    const { status, body } = await admin.mutate('oauth.decide', { uid, allow: true, scopes: ['mcp:read', 'mcp:call'] });
    expect([status, body.data.why.code]).toEqual([400, 'inField']);
  });

  it('stands on a page that nobody frames', async () => {
    const response = await admin.browser.fetch(`${app.url}/ui/oauth/${'x'.repeat(43)}`);
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });
});

describe('clients', () => {
  it('that nobody knows are refused on a page, and as JSON at the token endpoint', async () => {
    const client = await createHandClient(app.url, { id: 'nobody' });
    await expectPage(client.authorizationUrl().url, 'invalid_client');
    const { status, headers, body } = await client.refresh('x'.repeat(43));
    expect([status, body.error]).toEqual([401, 'invalid_client']);
    expect(headers.get('content-type')).toContain('application/json');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('with a metadata document at an address of this network are not fetched', async () => {
    let asked = 0;
    const inside = createServer((_request, response) => {
      asked += 1;
      response.end('{}');
    });
    await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
    const { port } = inside.address() as AddressInfo;
    for (const id of [
      `https://127.0.0.1:${port}/client.json`,
      `https://localhost:${port}/client.json`,
      `https://[::1]:${port}/client.json`,
      `https://169.254.169.254/latest/meta-data/`,
      `https://0x7f000001:${port}/client.json`,
      `https://[::ffff:127.0.0.1]:${port}/client.json`,
    ]) {
      const client = await createHandClient(app.url, { id });
      await expectPage(client.authorizationUrl().url, 'invalid_client');
    }
    expect(asked).toBe(0);
    inside.close();
  });

  it('that register by the thousand are stopped', async () => {
    await using flooded = await createTestApp();
    const seen = new Set<number>();
    for (let at = 0; at < 80; at += 1) seen.add((await register(flooded.url)).status);
    expect([...seen].toSorted((a, b) => a - b)).toEqual([201, 429]);
    const count = await flooded.connection.sql`select count(*)::int as n from oauth_clients`;
    expect(count[0]?.['n']).toBe(60);
  });

  it('that never got a token expire, and what is full says so', async () => {
    await using full = await createTestApp();
    await full.connection.run(
      `insert into oauth_clients (id, kind, name, payload, expires_at)
       select 'c' || at, 'registered', 'x', '{}', now() + interval '1 hour' from generate_series(1, 2000) at`,
      [],
    );
    const { status, body } = await register(full.url);
    expect([status, body.error]).toEqual([503, 'temporarily_unavailable']);
    await full.connection.run(`update oauth_clients set expires_at = now() - interval '1 second'`, []);
    expect((await register(full.url)).status).toBe(201);
  });

  it('that registered themselves sign in for nobody without a person', async () => {
    const { body } = await register(app.url, {
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['authorization_code', 'client_credentials'],
      switchboard_machine: true,
    });
    const client = await createHandClient(app.url, { id: body.client_id, metadata: body });
    const secret = { client_secret: body.client_secret };
    const asked = client.authorizationUrl();
    const code = (await letIn(admin, asked.url)).searchParams.get('code') ?? '';
    expect((await client.exchange(code, asked.verifier, secret)).status).toBe(200);
    const alone = await client.token({ grant_type: 'client_credentials', ...secret });
    expect([alone.status, alone.body.access_token]).toEqual([400, undefined]);
    expect(alone.body.error_description).toContain('grant type is not allowed');
  });

  it('send no more than a registration has', async () => {
    const huge = await register(app.url, { client_name: 'x'.repeat(100_000) });
    expect([huge.status, huge.body.error]).toEqual([400, 'invalid_request']);
    const long = await register(app.url, { client_name: 'x'.repeat(201) });
    expect([long.status, long.body.error]).toEqual([400, 'invalid_client_metadata']);
  });
});

it('nothing that is handed out stands in the database or in the log', async () => {
  await using own = await createTestApp({ LOG_LEVEL: 'trace' });
  const person = await createPerson(own.url);
  const client = await createHandClient(own.url, {
    metadata: { token_endpoint_auth_method: 'client_secret_post' },
  });
  const secret = (await register(own.url, { token_endpoint_auth_method: 'client_secret_basic' })).body.client_secret;
  const plain = await createHandClient(own.url);
  const uid = await beginRequest(person, plain.authorizationUrl().url);
  const asked = plain.authorizationUrl();
  const code = (await letIn(person, asked.url)).searchParams.get('code') ?? '';
  const tokens = (await plain.exchange(code, asked.verifier)).body;
  const refreshed = (await plain.refresh(tokens.refresh_token)).body;
  await fetch(`${own.url}/mcp`, { method: 'POST', headers: { authorization: `Bearer ${refreshed.access_token}` } });
  const machine = (await person.mutate('oauth.machines.create', { name: 'm', endpoint: null })).body;
  expect(client.id).not.toBe('');
  const planted = {
    uid,
    code,
    secret,
    verifier: asked.verifier,
    machine: machine.clientSecret,
    access: tokens.access_token,
    refresh: tokens.refresh_token,
    second: refreshed.access_token,
    third: refreshed.refresh_token,
  };
  // All that a dump has: each table of each schema, the queue of jobs included.
  const names = await own.connection.sql`
    select table_schema || '.' || table_name as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`;
  expect(new Set(names.map(({ name }) => String(name).split('.')[0])).size).toBeGreaterThan(1);
  for (const { name: table } of names) {
    const rows = await own.connection.sql`select to_jsonb(t)::text as row from ${own.connection.sql(table)} t`;
    const dump = rows.map((each) => String(each['row'])).join('\n');
    for (const [name, value] of Object.entries(planted)) {
      expect(value).toMatch(/^[\w-]{20,}$/);
      expect([table, name, dump.includes(value as string)]).toEqual([table, name, false]);
    }
  }
  const { items } = await own.client().logs.list.query({ limit: 500 });
  const log = JSON.stringify(items);
  for (const [name, value] of Object.entries(planted))
    expect([name, log.includes(value as string)]).toEqual([name, false]);
});
