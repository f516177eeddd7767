import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { connect } from '../support/mcp/clients.ts';
import { serveV1Http } from '../support/mcp/scripted-v1.ts';
import { createHandClient, createPerson, letIn, type Person } from '../support/oauth.ts';
import { until } from '../support/until.ts';

/** What a sign-in opens over each transport, and what machines and clients of OpenID Connect are told. */

let app: TestApp;
let admin: Person;
let upstream: Awaited<ReturnType<typeof serveV1Http>>;

beforeAll(async () => {
  app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
  upstream = await serveV1Http('tools');
  for (const id of ['one', 'two']) {
    await app.client().servers.create.mutate({ id, kind: 'streamable-http', url: upstream.url });
  }
  await app.client().groups.create.mutate({ name: 'team' });
  await until(() => ['one', 'two'].every((id) => app.runtime.status(id)?.phase === 'running'), 'the servers run');
  admin = await createPerson(app.url);
});
afterAll(async () => {
  await app.stop();
  await upstream[Symbol.asyncDispose]();
});

function bearer(token: string) {
  return { authorization: `Bearer ${token}` };
}

describe('a token over HTTP+SSE', () => {
  it.each(['/sse', '/sse/one', '/sse/team'])('works at %s, stream and messages', async (path) => {
    const client = await createHandClient(app.url);
    const { access_token: token } = await client.connect(admin, { resource: app.url + path });
    await using connected = await connect('v1-sse', app.url + path, { headers: bearer(token) });
    const listed = await connected.request('tools/list', {});
    expect(listed['tools']).toBeInstanceOf(Array);
  });

  it('given for one endpoint posts to no session of another', async () => {
    const client = await createHandClient(app.url);
    const { access_token: token } = await client.connect(admin, { resource: `${app.url}/sse/one` });
    for (const [path, resource] of [
      ['/messages?sessionId=x', '/sse'],
      ['/messages/two?sessionId=x', '/sse/two'],
    ] as const) {
      const response = await fetch(app.url + path, { method: 'POST', headers: bearer(token) });
      expect([path, response.status]).toEqual([path, 401]);
      expect(response.headers.get('www-authenticate')).toContain(`/oauth-protected-resource${resource}"`);
    }
  });
});

describe('a machine', () => {
  async function machine(scopes: string[]) {
    const { body } = await admin.mutate('oauth.machines.create', { name: 'Reader', endpoint: 'one', scopes });
    return async (scope: string | undefined): Promise<{ status: number; body: Json }> => {
      const response = await fetch(`${app.url}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: body.clientId,
          client_secret: body.clientSecret,
          ...(scope !== undefined && { scope }),
        }),
      });
      return { status: response.status, body: (await response.json()) as Json };
    };
  }

  it.each([
    [['mcp:read'], 'mcp:read mcp:call', 'mcp:read'],
    [['mcp:read'], undefined, 'mcp:read'],
    [['mcp:read', 'mcp:call'], undefined, 'mcp:read mcp:call'],
    [['mcp:read', 'mcp:call'], 'mcp:call mcp:admin', 'mcp:call'],
  ])('with %j that asks for %s is told %s', async (scopes, asked, told) => {
    const { status, body } = await (await machine(scopes))(asked);
    expect([status, body.scope]).toEqual([200, told]);
  });

  it.each(['mcp:admin', 'mcp:call'])(
    'that asks for nothing but %s, which it does not have, gets no token',
    async (asked) => {
      const { status, body } = await (await machine(['mcp:read']))(asked);
      expect([status, body.error, body.access_token]).toEqual([400, 'invalid_scope', undefined]);
    },
  );
});

it('a client of OpenID Connect is let in with the scopes of MCP', async () => {
  const client = await createHandClient(app.url);
  const asked = client.authorizationUrl({
    scope: 'openid profile mcp:read',
    nonce: 'abc',
    max_age: '60',
    acr_values: '1',
    id_token_hint: 'x',
    claims: '{}',
    claims_locales: 'en',
  });
  const back = await letIn(admin, asked.url);
  const { status, body } = await client.exchange(back.searchParams.get('code') ?? '', asked.verifier);
  expect([status, body.scope, body.id_token]).toEqual([200, 'mcp:read', undefined]);
});

it('ids of a caller’s choice on the way back are one count', async () => {
  const seen = new Set<number>();
  for (let at = 0; at < 700 && !seen.has(429); at += 50) {
    const ids = Array.from({ length: 50 }, (_, index) => `${'x'.repeat(30)}${at + index}`);
    const answers = await Promise.all(ids.map((id) => fetch(`${app.url}/oauth/authorize/${id}`)));
    for (const { status } of answers) seen.add(status);
  }
  expect(seen).toContain(429);
});
