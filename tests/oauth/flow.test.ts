import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { connect } from '../support/mcp/clients.ts';
import { openSession, type RawSession } from '../support/mcp/raw.ts';
import { serveV1Http } from '../support/mcp/scripted-v1.ts';
import { beginRequest, createHandClient, createPerson, letIn, type Person, resume } from '../support/oauth.ts';
import { addPerson, commonPassword } from '../support/people.ts';
import { until } from '../support/until.ts';

let app: TestApp;
let admin: Person;
let upstream: Awaited<ReturnType<typeof serveV1Http>>;

beforeAll(async () => {
  app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
  upstream = await serveV1Http('tools');
  for (const id of ['one', 'two']) {
    await app
      .client()
      .servers.create.mutate({ id, kind: 'streamable-http', url: upstream.url, visibility: 'everyone' });
  }
  await until(() => ['one', 'two'].every((id) => app.runtime.status(id)?.phase === 'running'), 'the servers run');
  admin = await createPerson(app.url);
});
afterAll(async () => {
  await app.stop();
  await upstream[Symbol.asyncDispose]();
});

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

function bearer(token: string) {
  return { authorization: `Bearer ${token}` };
}

async function toolsOf(session: RawSession): Promise<Json[]> {
  const { result } = (await session.request('tools/list')) as Json;
  return result.tools;
}

function ask(path: string, token: string | null, body: Json = initialize) {
  return fetch(`${app.url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
}

describe('a client that was let in', () => {
  it('is shown to the person with what it asks for, and where it goes', async () => {
    const client = await createHandClient(app.url, {
      metadata: { client_name: 'Some\u202E client\n', client_uri: 'https://client.example/' },
    });
    const uid = await beginRequest(admin, client.authorizationUrl({ resource: `${app.url}/mcp/one` }).url);
    const { body } = await admin.query('oauth.request', { uid });
    expect(body).toMatchObject({
      uid,
      client: { id: client.id, name: 'Some  client', kind: 'registered', uri: 'https://client.example/', host: null },
      redirect: { uri: client.redirectUri, host: '127.0.0.1:9', isLoopback: true },
      endpoint: { slug: 'one', url: `${app.url}/mcp/one`, title: 'one' },
      scopes: ['mcp:read', 'mcp:call'],
    });
    expect(new Date(body.expiresAt as string).getTime()).toBeGreaterThan(Date.now());
  });

  it('opens its endpoint with its token, and is one of the person’s grants until it is revoked', async () => {
    const client = await createHandClient(app.url);
    const tokens = await client.connect(admin, { resource: `${app.url}/mcp/one` });
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'mcp:read mcp:call' });
    const session = await openSession(`${app.url}/mcp/one`, { headers: bearer(tokens.access_token) });
    expect((await toolsOf(session)).length).toBeGreaterThan(0);
    const { body } = await admin.query('oauth.grants.list', {});
    const grant = body.find((each: Json) => each.client.id === client.id);
    expect(grant).toMatchObject({
      client: { name: 'Hand client', kind: 'registered' },
      endpoint: { slug: 'one', url: `${app.url}/mcp/one` },
      scopes: ['mcp:read', 'mcp:call'],
      bounds: { servers: null, tools: null },
    });
    await expect
      .poll(async () => {
        const { body: now } = await admin.query('oauth.grants.list', {});
        return now.find((each: Json) => each.id === grant.id).lastUsedAt;
      })
      .not.toBeNull();
    expect((await admin.mutate('oauth.grants.revoke', { id: grant.id })).status).toBe(200);
    expect((await ask('/mcp/one', tokens.access_token)).status).toBe(401);
    expect((await client.refresh(tokens.refresh_token)).body).toMatchObject({ error: 'invalid_grant' });
  });

  it('is confined to the scopes, servers and tools that the person left to it', async () => {
    const client = await createHandClient(app.url);
    const tokens = await client.connect(admin, { decision: { scopes: ['mcp:read'], bounds: { servers: ['two'] } } });
    expect(tokens.scope).toBe('mcp:read');
    const session = await openSession(`${app.url}/mcp`, { headers: bearer(tokens.access_token) });
    const tools = await toolsOf(session);
    expect(new Set(tools.map(({ name }: Json) => name.split('__')[0]))).toEqual(new Set(['two']));
    const call = { jsonrpc: '2.0', id: 9, method: 'tools/call', params: { name: tools[0].name, arguments: {} } };
    const refused = await session.send(call);
    expect(refused.status).toBe(403);
    expect(refused.headers.get('www-authenticate')).toBe(
      `Bearer error="insufficient_scope", error_description="The token does not have the scope mcp:call.", ` +
        `scope="mcp:read mcp:call", resource_metadata="${app.url}/.well-known/oauth-protected-resource/mcp"`,
    );
    // Asked for more in the same browser, the grant grows, and the session goes on.
    const more = client.authorizationUrl();
    const back = await letIn(admin, more.url, { bounds: { servers: ['two'] } });
    const wider = await client.exchange(back.searchParams.get('code') ?? '', more.verifier);
    expect(wider.body.scope).toBe('mcp:read mcp:call');
    const allowed = await session.send(call, { headers: bearer(wider.body.access_token) });
    expect(allowed.status).toBe(200);
  });

  it('is told when the person does not let it in', async () => {
    const client = await createHandClient(app.url);
    const asked = client.authorizationUrl();
    const back = await letIn(admin, asked.url, { allow: false });
    expect(Object.fromEntries(back.searchParams)).toMatchObject({
      error: 'access_denied',
      state: asked.state,
      iss: app.url,
    });
    expect(back.searchParams.has('code')).toBe(false);
  });

  it('stands in calls by its name, and counts as its person', async () => {
    const client = await createHandClient(app.url, { metadata: { client_name: 'Told client' } });
    const tokens = await client.connect(admin, { resource: `${app.url}/mcp/one` });
    const session = await openSession(`${app.url}/mcp/one`, { headers: bearer(tokens.access_token) });
    const tools = await toolsOf(session);
    await session.request('tools/call', { name: tools[0].name, arguments: {} }).catch(() => undefined);
    await app.core.deps.hub.flushCalls();
    const { items } = await app.client().calls.list.query({});
    expect(items[0]).toMatchObject({ keyName: 'Told client', userName: 'admin' });
    const trail = await app.client().audit.list.query({ action: ['grant.create'] });
    expect(trail.items[0]).toMatchObject({ userName: 'admin', details: { name: 'Told client' } });
  });
});

async function arrived(): Promise<number> {
  const rows = await app.connection.sql`select 1 from oauth_objects where payload ? 'arrived'`;
  return rows.length;
}

describe('tokens', () => {
  it('are refreshed with rotation; a lost answer has its grace, and a stolen one ends the grant', async () => {
    const client = await createHandClient(app.url);
    const first = await client.connect(admin);
    const second = await client.refresh(first.refresh_token);
    expect(second.status).toBe(200);
    expect(second.body.refresh_token).not.toBe(first.refresh_token);
    // The answer was lost: the same again.
    const again = await client.refresh(first.refresh_token);
    expect(again.status).toBe(200);
    expect((await ask('/mcp', again.body.access_token)).status).toBe(200);
    await until(async () => (await arrived()) > 0, 'the answer is known to have arrived');
    await app.connection.run(
      `update oauth_objects set consumed_at = consumed_at - interval '31 seconds' where consumed_at is not null`,
      [],
    );
    const stolen = await client.refresh(first.refresh_token);
    expect([stolen.status, stolen.body.error]).toEqual([400, 'invalid_grant']);
    expect((await client.refresh(again.body.refresh_token)).body.error).toBe('invalid_grant');
    expect((await ask('/mcp', again.body.access_token)).status).toBe(401);
  });

  it('of a refresh without a resource are for the one that was granted, with fewer scopes where fewer are asked for', async () => {
    const client = await createHandClient(app.url);
    const tokens = await client.connect(admin, { resource: `${app.url}/mcp/one` });
    const plain = await client.refresh(tokens.refresh_token);
    expect((await ask('/mcp/one', plain.body.access_token)).status).toBe(200);
    const slash = await client.refresh(plain.body.refresh_token, {
      resource: `${app.url}/mcp/one/`,
      scope: 'mcp:read',
    });
    expect(slash.body.scope).toBe('mcp:read');
    expect((await ask('/mcp/one', slash.body.access_token)).status).toBe(200);
    // The same endpoint over the other transport, and what was granted for it keeps its scopes.
    const { url, verifier } = client.authorizationUrl({ resource: `${app.url}/sse/one` });
    const back = await letIn(admin, url);
    await client.exchange(back.searchParams.get('code') ?? '', verifier, { resource: `${app.url}/sse/one` });
    const kept = await client.refresh(slash.body.refresh_token);
    expect(kept.body.scope).toBe('mcp:read mcp:call');
    const other = await client.refresh(kept.body.refresh_token, { resource: `${app.url}/mcp/two` });
    expect([other.status, other.body.error]).toEqual([400, 'invalid_target']);
  });

  it('end with the account that they act for, and streams that are open with them', async () => {
    const person = await addPerson(app, 'leaver');
    const leaver = await createPerson(app.url, { username: 'leaver', password: commonPassword });
    const client = await createHandClient(app.url);
    const tokens = await client.connect(leaver, { resource: `${app.url}/mcp/one` });
    const session = await openSession(`${app.url}/mcp/one`, { headers: bearer(tokens.access_token) });
    const stream = await fetch(`${app.url}/mcp/one`, {
      headers: {
        authorization: `Bearer ${tokens.access_token}`,
        accept: 'text/event-stream',
        'mcp-session-id': session.id ?? '',
      },
    });
    expect(stream.status).toBe(200);
    const ended = (async () => {
      for await (const _chunk of stream.body ?? []);
    })().catch(() => undefined);
    await app.client().users.update.mutate({ id: person.id, patch: { disabled: true } });
    await ended;
    expect((await ask('/mcp/one', tokens.access_token)).status).toBe(401);
    expect((await client.refresh(tokens.refresh_token)).body.error).toBe('invalid_grant');
  });

  it('are revoked by the client itself, and open streams end at once', async () => {
    const client = await createHandClient(app.url);
    const tokens = await client.connect(admin, { resource: `${app.url}/sse/one` });
    const stream = await fetch(`${app.url}/sse/one`, {
      headers: { authorization: `Bearer ${tokens.access_token}`, accept: 'text/event-stream' },
    });
    expect(stream.status).toBe(200);
    const ended = (async () => {
      for await (const _chunk of stream.body ?? []);
    })().catch(() => undefined);
    const answer = await fetch(`${app.url}/oauth/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: client.id, token: tokens.refresh_token }),
    });
    expect(answer.status).toBe(200);
    await ended;
    expect((await ask('/sse/one', tokens.access_token)).status).toBe(401);
  });

  it('open nothing but MCP', async () => {
    const client = await createHandClient(app.url);
    const { access_token: token } = await client.connect(admin);
    const headers = { authorization: `Bearer ${token}` };
    for (const path of ['/api/servers', '/trpc/servers.list', '/v1/models', '/api/auth/verify', '/metrics']) {
      // Remembered or not.
      await (await ask('/mcp', token)).body?.cancel();
      const response = await fetch(`${app.url}${path}`, { headers });
      expect([path, response.status]).toEqual([path, 401]);
    }
  });

  it('work for the SDK as any bearer token does', async () => {
    const client = await createHandClient(app.url);
    const { access_token: token } = await client.connect(admin);
    for (const kind of ['v1-streamable', 'v2-modern'] as const) {
      await using connected = await connect(kind, `${app.url}/mcp`, { headers: bearer(token) });
      expect((await connected.request('tools/list', {}))['tools']).not.toEqual([]);
    }
  });
});

describe('a machine', () => {
  it('signs in by itself for its endpoint, with the bounds that its person gave it', async () => {
    const made = await admin.mutate('oauth.machines.create', {
      name: 'Nightly',
      endpoint: 'one',
      scopes: ['mcp:read', 'mcp:call'],
    });
    expect(made.status).toBe(200);
    const { clientId, clientSecret, id } = made.body;
    function sign(form: Record<string, string>, basic = `${clientId}:${clientSecret}`) {
      return fetch(`${app.url}/oauth/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(basic).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', ...form }),
      });
    }
    for (const form of [{}, { resource: `${app.url}/mcp/one`, scope: 'mcp:read' }]) {
      const answer = await sign(form);
      const body = (await answer.json()) as Json;
      expect([answer.status, body.refresh_token]).toEqual([200, undefined]);
      expect((await ask('/mcp/one', body.access_token)).status).toBe(200);
      expect((await ask('/mcp/two', body.access_token)).status).toBe(401);
    }
    const elsewhere = await sign({ resource: `${app.url}/mcp/two` });
    expect([elsewhere.status, ((await elsewhere.json()) as Json).error]).toEqual([400, 'invalid_target']);
    expect((await sign({}, `${clientId}:wrong`)).status).toBe(401);
    expect((await admin.query('oauth.machines.list', {})).body).toMatchObject([{ id, name: 'Nightly', clientId }]);
    const last = ((await (await sign({})).json()) as Json).access_token;
    expect((await ask('/mcp/one', last)).status).toBe(200);
    expect((await admin.mutate('oauth.machines.remove', { id })).status).toBe(200);
    expect((await ask('/mcp/one', last)).status).toBe(401);
    expect((await sign({})).status).toBe(401);
  });
});

describe('a request', () => {
  it('is answered once, by whoever began it, in the browser that began it', async () => {
    const client = await createHandClient(app.url);
    const uid = await beginRequest(admin, client.authorizationUrl().url);
    const elsewhere = await createPerson(app.url);
    for (const path of ['oauth.request', 'oauth.decide'] as const) {
      const answer =
        path === 'oauth.request'
          ? await elsewhere.query(path, { uid })
          : await elsewhere.mutate(path, { uid, allow: true });
      expect(answer.body.data.why.code).toBe('oauthOfBrowser');
    }
    const decided = await admin.mutate('oauth.decide', { uid, allow: true });
    expect(decided.status).toBe(200);
    expect((await admin.mutate('oauth.decide', { uid, allow: true })).body.data.why.code).toBe('noOauthRequest');
    // Nobody else gets the code: the answer waits for the cookie of the browser that began.
    const stolen = await elsewhere.browser.fetch(decided.body.redirectTo);
    expect(stolen.status).toBe(400);
    expect(stolen.headers.get('location')).toBeNull();
    expect((await resume(admin, decided.body.redirectTo)).searchParams.get('code')).toMatch(/^[\w-]{43}$/);
  });

  it('is answered by the account that it was shown to', async () => {
    await addPerson(app, 'second');
    const client = await createHandClient(app.url);
    const person = await createPerson(app.url);
    const uid = await beginRequest(person, client.authorizationUrl().url);
    await person.mutate('auth.login', { username: 'second', password: commonPassword });
    const answer = await person.mutate('oauth.decide', { uid, allow: true });
    expect(answer.body.data.why.code).toBe('oauthOfAccount');
    expect((await person.query('oauth.request', { uid })).status).toBe(200);
    const decided = await person.mutate('oauth.decide', { uid, allow: true });
    expect((await resume(person, decided.body.redirectTo)).searchParams.has('code')).toBe(true);
    expect((await person.query('oauth.grants.list', {})).body).toMatchObject([{ username: 'second' }]);
  });
});
