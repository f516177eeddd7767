import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pruneOauth } from '../../packages/core/src/oauth/prune.ts';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { beginRequest, createHandClient, createPerson, letIn, type Person, register } from '../support/oauth.ts';

/** What clients may leave behind, and what registrations and bounds are taken for. */

let app: TestApp;
let admin: Person;

beforeAll(async () => {
  app = await createTestApp();
  for (const name of ['one', 'two']) {
    await app.client().servers.create.mutate({ name, kind: 'stdio', command: 'node', desired: 'stopped' });
  }
  admin = await createPerson(app.url);
});
afterAll(() => app.stop());

describe('refreshing', () => {
  it('leaves no spent token behind for more than a day', async () => {
    const client = await createHandClient(app.url);
    const tokens = await client.connect(admin);
    const second = await client.refresh(tokens.refresh_token);
    // Its use tells that the first answer arrived.
    const next = await client.refresh(second.body.refresh_token);
    await app.connection.run(`update oauth_objects set consumed_at = consumed_at - interval '25 hours'`, []);
    await pruneOauth(app.core.deps.db, Date.now());
    const left = await app.connection
      .sql`select id from oauth_objects where model = 'RefreshToken' and consumed_at is not null`;
    // The answer to the second use may have been lost.
    expect(left).toHaveLength(1);
    expect((await client.refresh(tokens.refresh_token)).body.error).toBe('invalid_grant');
    expect((await client.refresh(next.body.refresh_token)).status).toBe(200);
  });

  it('has a limit for each grant, and costs no other and no token', async () => {
    const [client, other] = [await createHandClient(app.url), await createHandClient(app.url)];
    const tokens = await client.connect(admin);
    const others = await other.connect(admin);
    const answers = await Promise.all(Array.from({ length: 65 }, () => client.refresh(tokens.refresh_token)));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    for (const { status, body } of refused) expect([status, body.error]).toEqual([429, 'temporarily_unavailable']);
    expect((await other.refresh(others.refresh_token)).status).toBe(200);
  });
});

describe('registrations', () => {
  it('make room for new ones where nobody answered them for an hour', async () => {
    await using full = await createTestApp();
    await full.connection.run(
      `insert into oauth_clients (id, kind, name, payload, created_at, expires_at)
       select 'c' || at, 'registered', 'x', '{}', now() - at * interval '1 second', now() + interval '6 days'
       from generate_series(1, 4000, 2) at`,
      [],
    );
    expect((await register(full.url)).status).toBe(201);
    const rows = await full.connection
      .sql`select count(*)::int as n, count(*) filter (where id = 'c3999') as oldest from oauth_clients`;
    expect(rows[0]).toMatchObject({ n: 2_000, oldest: '0' });
  });

  it('without a name are shown by where the answer goes', async () => {
    const { body } = await register(app.url, { client_name: undefined, redirect_uris: ['https://client.example/cb'] });
    const client = await createHandClient(app.url, { id: body.client_id, metadata: body });
    const uid = await beginRequest(admin, client.authorizationUrl().url);
    expect((await admin.query('oauth.request', { uid })).body.client.name).toBe('client.example');
  });

  it('may hold what says nothing, and what only concerns ID tokens', async () => {
    const { status, body } = await register(app.url, {
      client_name: '',
      client_uri: '',
      logo_uri: null,
      contacts: null,
      id_token_signed_response_alg: 'RS256',
      default_acr_values: ['1'],
      require_auth_time: true,
    });
    expect(status).toBe(201);
    const client = await createHandClient(app.url, { id: body.client_id, metadata: body });
    const asked = client.authorizationUrl();
    const code = (await letIn(admin, asked.url)).searchParams.get('code') ?? '';
    expect((await client.exchange(code, asked.verifier)).status).toBe(200);
  });

  it('are refused in JSON where the hub takes none', async () => {
    await using closed = await createTestApp({ OAUTH_REGISTRATION: 'false' });
    const { status, body } = await register(closed.url);
    expect([status, body.error]).toEqual([404, 'not_found']);
  });
});

it.each([{ servers: [] }, { tools: [] }, { servers: ['two'] }, { tools: ['two/echo'] }])(
  'bounds %j leave nothing of the endpoint of one server, and are refused',
  async (bounds) => {
    const client = await createHandClient(app.url);
    const uid = await beginRequest(admin, client.authorizationUrl({ resource: `${app.url}/mcp/one` }).url);
    const decided = await admin.mutate('oauth.decide', { uid, allow: true, bounds });
    expect(decided.status).toBe(400);
    const machine = await admin.mutate('oauth.machines.create', { name: 'M', endpoint: 'one', bounds });
    expect(machine.status).toBe(400);
  },
);

it('bounds outside of the members of a group leave nothing of it, and are refused', async () => {
  await app.client().groups.create.mutate({ name: 'team' });
  await app.client().groups.addServer.mutate({ groupId: 'team', serverId: 'one' });
  const client = await createHandClient(app.url);
  for (const [bounds, status] of [
    [{ servers: ['two'] }, 400],
    [{ tools: ['two/echo'] }, 400],
    [{ servers: ['one'] }, 200],
  ] as const) {
    const uid = await beginRequest(admin, client.authorizationUrl({ resource: `${app.url}/mcp/team` }).url);
    expect((await admin.mutate('oauth.decide', { uid, allow: true, bounds })).status).toBe(status);
    const machine = await admin.mutate('oauth.machines.create', { name: 'M', endpoint: 'team', bounds });
    expect(machine.status).toBe(status);
  }
});

it('the page that posts an answer is framed by nobody', async () => {
  const client = await createHandClient(app.url);
  const uid = await beginRequest(admin, client.authorizationUrl({ response_mode: 'form_post' }).url);
  const { body } = (await admin.mutate('oauth.decide', { uid, allow: true })) as { body: Json };
  const page = await admin.browser.fetch(body.redirectTo);
  expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(await page.text()).toContain('name="code"');
});
