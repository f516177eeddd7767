import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pruneOauthJob } from '../../packages/core/src/jobs/types/prune-oauth.ts';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { beginRequest, createHandClient, createPerson, letIn, type Person } from '../support/oauth.ts';
import { addPerson, commonPassword } from '../support/people.ts';

/** Clients that ask again, and what a person is shown and asked then. */

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

async function grantsOf(clientId: string): Promise<Json[]> {
  const { body } = await admin.query('oauth.grants.list', {});
  return body.filter((grant: Json) => grant.client.id === clientId);
}

describe('a client that asks again from the same sign-in', () => {
  it('gets a new grant where the one before has ended, and nothing of it', async () => {
    const client = await createHandClient(app.url);
    await letIn(admin, client.authorizationUrl().url, { bounds: { servers: ['one'] } });
    await app.connection.run(`update oauth_grants set expires_at = now() - interval '1 second'`, []);
    const uid = await beginRequest(admin, client.authorizationUrl().url);
    expect((await admin.query('oauth.request', { uid })).body.has).toBeNull();
    const { access_token: token } = await client.connect(admin);
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(await grantsOf(client.id)).toMatchObject([{ bounds: { servers: null, tools: null } }]);
  });

  it('has time for its code where the grant before is about to end', async () => {
    const client = await createHandClient(app.url);
    await client.connect(admin);
    const [before] = await grantsOf(client.id);
    await app.connection.run(`update oauth_grants set expires_at = now() + interval '5 seconds'`, []);
    const asked = client.authorizationUrl();
    const code = (await letIn(admin, asked.url)).searchParams.get('code') ?? '';
    const [grant] = await grantsOf(client.id);
    expect(grant.id).toBe(before.id);
    expect(new Date(grant.expiresAt).getTime()).toBeGreaterThan(Date.now() + 3_000_000);
    expect((await client.exchange(code, asked.verifier)).status).toBe(200);
  });

  it('is shown with what it has, which the answer replaces', async () => {
    const client = await createHandClient(app.url);
    await client.connect(admin, { decision: { scopes: ['mcp:read'], bounds: { servers: ['one'] } } });
    const uid = await beginRequest(admin, client.authorizationUrl().url);
    expect((await admin.query('oauth.request', { uid })).body.has).toEqual({
      scopes: ['mcp:read'],
      bounds: { servers: ['one'], tools: null },
    });
    const other = await beginRequest(admin, client.authorizationUrl({ resource: `${app.url}/mcp/one` }).url);
    expect((await admin.query('oauth.request', { uid: other })).body.has).toBeNull();
    const elsewhere = await createPerson(app.url);
    const third = await beginRequest(elsewhere, client.authorizationUrl().url);
    expect((await elsewhere.query('oauth.request', { uid: third })).body.has).toBeNull();
  });
});

describe('an endpoint', () => {
  it('that is not there, or not for the person, is no endpoint at which they let a client in', async () => {
    await addPerson(app, 'guest');
    const guest = await createPerson(app.url, { username: 'guest', password: commonPassword });
    const client = await createHandClient(app.url);
    for (const [person, name] of [
      [admin, 'later'],
      [guest, 'one'],
    ] as const) {
      const uid = await beginRequest(person, client.authorizationUrl({ resource: `${app.url}/mcp/${name}` }).url);
      expect((await person.query('oauth.request', { uid })).body.endpoint).toMatchObject({ slug: name, title: null });
      const { status, body } = await person.mutate('oauth.decide', { uid, allow: true });
      expect([status, body.data.why.code]).toEqual([412, 'oauthNoEndpoint']);
      const refused = await person.mutate('oauth.decide', { uid, allow: false });
      expect(refused.status).toBe(200);
    }
    expect(await grantsOf(client.id)).toEqual([]);
  });
});

describe('a grant whose server is removed', () => {
  it('ends for authenticators too, so that its client is sent to sign in', async () => {
    await app.client().servers.create.mutate({ name: 'gone', kind: 'stdio', command: 'node', desired: 'stopped' });
    const client = await createHandClient(app.url);
    const { access_token: token } = await client.connect(admin, { resource: `${app.url}/mcp/gone` });
    function ask() {
      return fetch(`${app.url}/mcp/gone`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    }
    expect((await ask()).status).not.toBe(401);
    await app.client().servers.remove.mutate({ id: 'gone' });
    const answer = await ask();
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it('that ran out ends for authenticators when it is pruned', async () => {
    const client = await createHandClient(app.url);
    const { access_token: token } = await client.connect(admin);
    function ask() {
      return fetch(`${app.url}/mcp`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    }
    expect((await ask()).status).not.toBe(401);
    await app.connection.run(`update oauth_grants set expires_at = now() - interval '1 second'`, []);
    await pruneOauthJob.run(app.core.ctxFor({ type: 'system', job: 'oauth.prune' }), {});
    expect((await ask()).status).toBe(401);
  });
});

it('a page that reads a request while it is answered leaves the answer', async () => {
  const client = await createHandClient(app.url);
  for (let round = 0; round < 8; round += 1) {
    const uid = await beginRequest(admin, client.authorizationUrl().url);
    await app.connection.run(
      `update oauth_objects set payload = jsonb_set(payload, '{prompt,details,request,account}', 'null')
       where model = 'Interaction'`,
      [],
    );
    const [decided] = await Promise.all([
      admin.mutate('oauth.decide', { uid, allow: true }),
      admin.query('oauth.request', { uid }),
      admin.query('oauth.request', { uid }),
    ]);
    expect(decided.status).toBe(200);
    const response = await admin.browser.fetch(decided.body.redirectTo);
    expect(response.headers.get('location')).toContain('code=');
  }
});

it('grants that have ended leave room for others', async () => {
  const { id } = await addPerson(app, 'full');
  const full = await createPerson(app.url, { username: 'full', password: commonPassword });
  await app.connection.run(
    `insert into oauth_grants (id, user_id, client_id, client_name, client_kind, endpoint, scopes, resource, expires_at)
     select 'g' || at, $1, 'c', 'c', 'registered', 'all', '{mcp:read}', 'x', now() - interval '1 minute'
     from generate_series(1, 200) at`,
    [id],
  );
  const client = await createHandClient(app.url);
  expect((await client.connect(full)).scope).toBe('mcp:read mcp:call');
});
