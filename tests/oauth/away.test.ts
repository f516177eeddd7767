import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pruneOauth } from '../../packages/core/src/oauth/prune.ts';
import { adminPassword, createTestApp, type Json, type TestApp } from '../support/app.ts';
import { createBrowser } from '../support/browser.ts';
import { type Documents, serveDocuments } from '../support/oauth-documents.ts';
import { beginRequest, createHandClient, createPerson, letIn, type Person, register } from '../support/oauth.ts';
import { until } from '../support/until.ts';

/** What clients keep when something fails on the way, and who gets the code. */

let app: TestApp;
let admin: Person;
let documents: Documents;
let status = 200;
const redirect = 'https://client.example/callback';

beforeAll(async () => {
  app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
  admin = await createPerson(app.url);
  function serve(base: string, name: string) {
    return (response: Json) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ client_id: `${base}${name}`, client_name: 'Away', redirect_uris: [redirect] }));
    };
  }
  documents = await serveDocuments((base) => ({
    '/a.json': serve(base, '/a.json'),
    '/b.json': serve(base, '/b.json'),
  }));
});
afterAll(async () => {
  documents.close();
  await app.stop();
});

function kept(): Promise<Json[]> {
  return app.connection.sql`select * from oauth_objects where model = 'ClientDocument'`;
}

/** The same hub by its other name: an engine of its own, which has fetched nothing. */
function elsewhere(id: string) {
  return createHandClient(app.url.replace('127.0.0.1', 'localhost'), { id, metadata: { redirect_uris: [redirect] } });
}

describe('a document whose host is away', () => {
  afterEach(() => {
    status = 200;
  });

  it('is what it last was, for clients that had tokens; gone again, it is refused', async () => {
    const id = documents.url('/a.json');
    const client = await createHandClient(app.url, { id, metadata: { redirect_uris: [redirect] } });
    const tokens = await client.connect(admin);
    await until(async () => (await kept()).length === 1, 'the document is kept');
    status = 404;
    const gone = await (await elsewhere(id)).refresh(tokens.refresh_token);
    expect([gone.status, gone.body.error]).toEqual([400, 'invalid_client']);
    status = 503;
    const away = await (await elsewhere(id)).refresh(tokens.refresh_token);
    expect([away.status, away.body.token_type]).toEqual([200, 'Bearer']);
    status = 200;
    expect((await client.refresh(away.body.refresh_token)).status).toBe(200);
    expect(await kept()).toHaveLength(1);
    await app.connection.run(`delete from oauth_grants`, []);
    await pruneOauth(app.core.deps.db, Date.now());
    expect(await kept()).toEqual([]);
  });

  it('and was never kept is no reason to throw tokens away', async () => {
    const id = documents.url('/b.json');
    status = 503;
    const answer = await (await elsewhere(id)).refresh('x'.repeat(43));
    expect([answer.status, answer.body.error]).toEqual([503, 'temporarily_unavailable']);
    expect(answer.headers.get('retry-after')).toBe('30');
  });

  it('leaves nothing behind where nobody was let in', async () => {
    const id = documents.url('/b.json');
    const client = await createHandClient(app.url, { id, metadata: { redirect_uris: [redirect] } });
    await beginRequest(admin, client.authorizationUrl().url);
    expect(await kept()).toEqual([]);
  });
});

/** The cookies of a sign-in of the admin. */
async function signedIn(): Promise<string> {
  const response = await fetch(`${app.url}/trpc/auth.login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: adminPassword }),
  });
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ');
}

describe('the code', () => {
  it('goes to no browser but one in which the person who answered is signed in', async () => {
    const attacker = { ...admin, browser: createBrowser() };
    const client = await createHandClient(app.url);
    const uid = await beginRequest(attacker, client.authorizationUrl().url);
    // Cookies know no ports: a page of another program of this machine plants the mark of the request.
    const name = `oauth_began_${createHash('sha256').update(uid).digest('hex').slice(0, 16)}`;
    const answer = await fetch(`${app.url}/trpc/oauth.decide`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: `${await signedIn()}; ${name}=1` },
      body: JSON.stringify({ uid, allow: true }),
    });
    expect(answer.status).toBe(200);
    const { result } = (await answer.json()) as Json;
    const back = await attacker.browser.fetch(result.data.redirectTo);
    const told = back.headers.get('location') ?? '';
    expect(told).not.toContain('code=');
    expect(told).toMatch(/\/ui\/oauth\/[\w-]{43}$/);
    expect(told).not.toContain(uid);
  });

  it('comes by a page that keeps the opener of a popup', async () => {
    const client = await createHandClient(app.url);
    const asked = await admin.browser.fetch(client.authorizationUrl().url);
    const page = asked.headers.get('location') ?? '';
    const uid = /([\w-]{43})$/.exec(page)?.[1] ?? '';
    const shown = await admin.browser.fetch(new URL(page, app.url));
    const { body } = await admin.mutate('oauth.decide', { uid, allow: true });
    const back = await admin.browser.fetch(body.redirectTo);
    for (const response of [asked, shown, back])
      expect(response.headers.get('cross-origin-opener-policy')).toBe('unsafe-none');
    const other = await admin.browser.fetch(`${app.url}/ui/account`);
    expect(other.headers.get('cross-origin-opener-policy')).toBe('same-origin');
  });
});

describe('a refresh', () => {
  it('for a foreign resource is refused without spending the token', async () => {
    const client = await createHandClient(app.url);
    const tokens = await client.connect(admin);
    const began = new Date().toISOString();
    for (const resource of [`${app.url}/`, 'https://evil.example/mcp', `${app.url}/mcp/other`]) {
      const refused = await client.refresh(tokens.refresh_token, { resource });
      expect([refused.status, refused.body.error]).toEqual([400, 'invalid_target']);
    }
    const spent = await app.connection
      .sql`select id from oauth_objects where model = 'RefreshToken' and consumed_at > ${began}::timestamptz`;
    expect(spent).toHaveLength(0);
    const right = await client.refresh(tokens.refresh_token, { resource: `${app.url}/mcp/` });
    expect(right.status).toBe(200);
  });
});

it('clients that offer DPoP or pushed requests get what the hub has', async () => {
  const { body } = await register(app.url, {
    dpop_bound_access_tokens: true,
    require_pushed_authorization_requests: true,
  });
  const client = await createHandClient(app.url, { id: body.client_id, metadata: body });
  const asked = client.authorizationUrl();
  const code = (await letIn(admin, asked.url)).searchParams.get('code') ?? '';
  const response = await fetch(`${app.url}/oauth/token`, {
    method: 'POST',
    headers: { dpop: 'x.y.z' },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: client.id,
      code,
      code_verifier: asked.verifier,
      redirect_uri: client.redirectUri,
    }),
  });
  expect([response.status, ((await response.json()) as Json).token_type]).toEqual([200, 'Bearer']);
});
