import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { startAuthorization } from '../support/upstream/authorization.ts';
import { startHosted, type HostedOptions } from '../support/upstream/hosted.ts';
import { browserOf } from '../support/upstream/person.ts';
import {
  beginSignIn,
  browserAt,
  patience,
  registerHosted,
  signedIn,
  signIn,
  signInState,
  stateOf,
  whoami,
} from '../support/upstream/signed-in.ts';

const env = { ALLOW_PRIVATE_URLS: 'true' };

/** Where the authorization server sends the person back to, without going there. */
async function answerTo(app: TestApp, url: string): Promise<URL> {
  const nowhere = browserOf(app.url, {});
  await nowhere.go(url).catch(() => undefined);
  const back = nowhere.seen.find((seen) => seen.startsWith(`${app.url}/oauth/callback`));
  if (back === undefined) throw new Error(`Nobody was sent back: ${nowhere.seen.join(' → ')}`);
  return new URL(back);
}

async function anotherSignIn(app: TestApp, username: string, password: string): Promise<string> {
  const { body } = await app.json('/api/auth/login', { auth: false, body: { username, password } });
  return body.data.token;
}

describe('an answer of an authorization server', () => {
  it('counts once, for the sign-in at the hub that began it, and from whoever was asked', async () => {
    await using app = await createTestApp(env);
    await using at = await startAuthorization();
    await using hosted = await startHosted({ at: () => at });
    await registerHosted(app, hosted.url);
    const back = await answerTo(app, await beginSignIn(app));
    const codes = at.forms.length;
    async function come(url: URL, token: string | null = app.token) {
      const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
      const { status } = await fetch(url, { redirect: 'manual', headers });
      return status;
    }
    // Another sign-in of the same person, and nobody: the code is not sent anywhere.
    const other = await anotherSignIn(app, 'admin', 'correct horse battery staple');
    expect(await come(back, other)).toBe(400);
    expect(await come(back, null)).toBeGreaterThanOrEqual(400);
    const forged = new URL(back);
    forged.searchParams.set('state', 'x'.repeat(43));
    expect(await come(forged)).toBe(400);
    expect(at.forms).toHaveLength(codes);
    expect(await come(back)).toBe(303);
    expect(await come(back)).toBe(400);
    await expect.poll(() => whoami(app), patience).toBe('ada read');
  });

  it.each([
    ['from somebody else', 'iss', 'https://evil.example', /evil\.example/],
    ['without its sender', 'iss', null, /nobody/],
    ['with two codes', 'code', 'second', /twice/],
  ] as const)('%s is not redeemed', async (_what, name, value, told) => {
    await using app = await createTestApp(env);
    await using at = await startAuthorization();
    await using hosted = await startHosted({ at: () => at });
    await registerHosted(app, hosted.url);
    const back = await answerTo(app, await beginSignIn(app));
    if (value === null) back.searchParams.delete(name);
    else if (name === 'code') back.searchParams.append(name, value);
    else back.searchParams.set(name, value);
    expect((await browserAt(app).go(back.href)).url).toBe(`${app.url}/ui/servers/hosted`);
    expect(at.forms).toEqual([]);
    const { attempt } = await signInState(app);
    expect(attempt).toMatchObject({ state: 'failed', failure: { text: expect.stringMatching(told) } });
    expect(await stateOf(app)).toBe('needs-sign-in');
  });
});

describe('metadata', () => {
  const lies: [string, HostedOptions['metadata'], RegExp][] = [
    ['of another server', (all) => ({ ...all, resource: 'https://other.example/mcp' }), /other\.example/],
    [
      'that leads into the machine',
      (all) => ({ ...all, authorization_servers: ['http://169.254.169.254/'] }),
      /169\.254/,
    ],
    ['that names no address', (all) => ({ ...all, authorization_servers: ['javascript:alert(1)'] }), /javascript/],
    ['that is huge', () => new Response(`{"a":"${'x'.repeat(400_000)}"}`), /256 KB/],
    ['that is nested', () => new Response('['.repeat(5_000) + ']'.repeat(5_000)), /nested/],
  ];
  it.each(lies)('%s leads nowhere', async (_what, metadata, told) => {
    await using app = await createTestApp(env);
    await using at = await startAuthorization();
    await using hosted = await startHosted({ at: () => at, ...(metadata && { metadata }) });
    await registerHosted(app, hosted.url);
    await expect(beginSignIn(app)).rejects.toThrow(told);
    const { attempt } = await signInState(app);
    expect(attempt?.state).toBe('failed');
    expect(attempt?.steps.some((step) => !step.ok)).toBe(true);
    expect(at.requests.filter((path) => path === '/reg')).toEqual([]);
  });

  it('of an authorization server that does not check PKCE, or is another one, is refused', async () => {
    await using app = await createTestApp(env);
    let change: Record<string, unknown> = { code_challenge_methods_supported: ['plain'] };
    await using at = await startAuthorization({
      before(request, response) {
        if (!request.url?.startsWith('/.well-known/')) return false;
        const issuer = at.issuer;
        const endpoints = { authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` };
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ issuer, ...endpoints, response_types_supported: ['code'], ...change }));
        return true;
      },
    });
    await using hosted = await startHosted({ at: () => at });
    await registerHosted(app, hosted.url);
    await expect(beginSignIn(app)).rejects.toThrow(/PKCE/);
    change = { issuer: 'https://evil.example', code_challenge_methods_supported: ['S256'] };
    await expect(beginSignIn(app)).rejects.toThrow(/evil\.example/);
    change = { code_challenge_methods_supported: ['S256'] };
    await expect(beginSignIn(app)).rejects.toThrow(/does not let the hub register itself/);
  });
});

it('no server takes what people get at another service, unless its owner names that one', async () => {
  await using app = await createTestApp(env);
  await using at = await startAuthorization();
  await using hosted = await startHosted({
    at: () => at,
    metadata: (all) => ({ ...all, authorization_servers: [hostile.issuer] }),
  });
  const pages = at.issuer.replace('127.0.0.1', 'localhost');
  let says = {};
  await using hostile = await startAuthorization({
    before(request, response) {
      if (!request.url?.startsWith('/.well-known/')) return false;
      const { issuer } = hostile;
      const endpoints = { authorization_endpoint: `${pages}/auth`, token_endpoint: `${issuer}/token` };
      const more = { response_types_supported: ['code'], code_challenge_methods_supported: ['S256'] };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ issuer, ...endpoints, registration_endpoint: `${at.issuer}/reg`, ...more, ...says }),
      );
      return true;
    },
  });
  await registerHosted(app, hosted.url);
  await expect(beginSignIn(app)).rejects.toThrow(/could be after their access/);
  expect(at.requests).toEqual([]);
  // An issuer that says who answers is told by its answer: this one is another's.
  says = { authorization_response_iss_parameter_supported: true };
  const back = await answerTo(app, (await beginSignIn(app)).replace(pages, at.issuer));
  await browserAt(app).go(back.href);
  expect((await signInState(app)).attempt).toMatchObject({ state: 'failed', failure: { code: 'signInIssuer' } });
  expect(hostile.forms).toEqual([]);
  says = {};
  await app.client().servers.update.mutate({ id: 'hosted', patch: { signIn: { issuer: hostile.issuer } } });
  expect(await beginSignIn(app)).toContain(pages);
});

it('keeps tokens, codes and secrets out of the database, answers, logs, exports and versions', async () => {
  await using app = await createTestApp({ ...env, LOG_LEVEL: 'debug' });
  const callback = `${app.url}/oauth/callback`;
  const planted = 'planted-client-secret-0123456789';
  await using at = await startAuthorization({
    clients: [{ client_id: 'given', client_secret: planted, redirect_uris: [callback], application_type: 'native' }],
  });
  await using hosted = await startHosted({ at: () => at });
  const signInSettings = { who: 'person', clientId: 'given' } as const;
  await signedIn(app, hosted.url, { signIn: signInSettings, secrets: { client_secret: planted } });
  expect(await whoami(app)).toBe('ada read');
  const forms = at.forms.flatMap((form) => ['code', 'code_verifier'].map((name) => form.get(name)));
  const secrets = [planted, hosted.tokens.at(-1), ...forms].filter((secret) => typeof secret === 'string');
  expect(secrets.length).toBeGreaterThanOrEqual(4);
  const client = app.client();
  const told = [
    await client.servers.get.query({ id: 'hosted' }),
    await signInState(app),
    await client.servers.versions.query({ id: 'hosted' }),
    await client.servers.logs.query({ id: 'hosted' }),
    await client.servers.exportConfig.query(),
    await client.configuration.exportFile.query().catch(() => null),
    await client.calls.list.query({}),
    await client.audit.list.query({}),
    (await app.json('/api/monitoring/logs?limit=500')).body,
    await dump(app),
  ].map((answer) => JSON.stringify(answer));
  for (const secret of secrets)
    expect(told.filter((text) => text.includes(secret)).map((text) => text.slice(0, 80))).toEqual([]);
  // A move to another address takes nobody's sign-in along.
  await using thief = await startHosted({ at: () => at });
  await client.servers.update.mutate({ id: 'hosted', patch: { url: thief.url } });
  await expect.poll(() => stateOf(app), patience).toBe('needs-sign-in');
  expect(thief.tokens.filter((token) => token !== null)).toEqual([]);
  await signIn(app);
});

/** Every row of every table as text. */
async function dump({ connection }: TestApp): Promise<unknown[]> {
  const tables = await connection.db.execute<{ name: string }>(
    sql`select table_name as name from information_schema.tables where table_schema = 'public'`,
  );
  const rows = [];
  for (const { name } of tables)
    rows.push(...(await connection.db.execute(sql`select * from ${sql.identifier(name)}`)));
  return rows;
}
