import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runtimeCredentialOf } from './access/credential.ts';
import { login, logout } from './access/verbs.ts';
import { changeConfiguration } from './configuration/verbs.ts';
import type { Ctx } from './context.ts';
import { createCore, type Core } from './core.ts';
import { isDomainError } from './errors.ts';
import { addMember } from './groups/members.ts';
import { addServerToGroup } from './groups/servers.ts';
import { createGroup } from './groups/verbs.ts';
import { createKey, revokeKey } from './keys/verbs.ts';
import { createSecrets } from './secrets.ts';
import { createServer } from './servers/verbs.ts';
import {
  createFakeRuntime,
  makePolicy,
  makeRemoteDraft,
  makeTestCore,
  silentLog,
  testKey,
  testPassword,
  type FakeRuntime,
  type TestCore,
} from './testing.ts';
import { updateUser } from './users/update.ts';

/** Two hubs on one database: `hub` is where things are changed, `other` has to hear of it. */
let hub: TestCore;
let other: Core;
let runtime: FakeRuntime;
let ends: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const connections: { close(): Promise<void> }[] = [];
  hub = await makeTestCore({}, (testDb) => testDb.connection.listen);
  const connection = hub.testDb.reconnect();
  connections.push(connection);
  runtime = createFakeRuntime();
  const { db, listen } = connection;
  const { clock } = hub;
  const policy = makePolicy();
  const secrets = createSecrets(testKey);
  other = createCore({
    db,
    listen,
    runtime,
    secrets,
    policy,
    clock,
    log: silentLog,
    jobDatabase: connection,
    runJobs: false,
  });
  await other.start();
  ends = [() => other.stop(), () => connection.close(), () => hub.close()];
});
afterAll(async () => {
  for (const end of ends) await end();
});

const soon = { interval: 20 };
const eventually = { interval: 50 };
const refusal = { code: 'unauthenticated' };
function anonymous() {
  return hub.ctx({ type: 'anonymous' });
}

describe('another hub on the same database', () => {
  it('counts failed sign-ins and registrations of all hubs, and forgets them after a right one', async () => {
    const { username } = await hub.addUser('user');
    function guess(ctx: Ctx, password: string) {
      return login(ctx, { username, password }).then(
        () => 'in',
        (error: unknown) => (isDomainError(error) ? error.code : error),
      );
    }
    function from(core: Core) {
      return core.ctxFor({ type: 'anonymous' }, { address: '10.1.1.1' });
    }
    for (let n = 0; n < 5; n += 1) expect(await guess(from(hub.core), 'wrong password')).toBe('unauthenticated');
    expect(await guess(from(hub.core), testPassword)).toBe('limit_exceeded');
    await expect.poll(() => guess(from(other), testPassword), eventually).toBe('limit_exceeded');
    hub.clock.advance(2_000);
    expect(await guess(from(other), testPassword)).toBe('in');
    await expect.poll(() => guess(from(hub.core), 'wrong password'), eventually).toBe('unauthenticated');
    expect(await guess(from(hub.core), testPassword)).toBe('in');

    for (let n = 0; n < 10; n += 1) hub.core.limits.registration('10.2.2.2');
    await expect
      .poll(() => {
        try {
          other.limits.registration('10.2.2.2');
          return 'let in';
        } catch (error) {
          return isDomainError(error) ? error.code : error;
        }
      }, eventually)
      .toBe('limit_exceeded');
  });

  it('forgets within a second what was ended or revoked here', async () => {
    const { username, id } = await hub.addUser('user');
    const { token } = await login(anonymous(), { username, password: testPassword });
    const { actor } = await other.authenticate({ bearer: token });
    const key = await createKey(hub.ctx(actor), { name: 'k' });
    await other.authenticate({ apiKey: key.key });
    await revokeKey(hub.ctx(actor), { id: key.id });
    await expect.poll(() => other.authenticate({ apiKey: key.key }).catch(() => null), soon).toBeNull();
    await logout(hub.ctx(actor), {});
    await expect.poll(() => other.authenticate({ bearer: token }).catch(() => null), soon).toBeNull();
    await expect(other.authenticate({ bearer: token })).rejects.toMatchObject(refusal);
    await updateUser(hub.ctx(), { id, patch: { disabled: true } });
    await expect.poll(() => other.deps.access.directory.user(id)?.disabled, soon).toBe(true);
  });

  it('follows rights within a second, and tells its MCP sessions', async () => {
    const user = await hub.addUser('user');
    await createServer(hub.ctx(), makeRemoteDraft({ id: 'files' }));
    await createGroup(hub.ctx(), { name: 'team' });
    await addServerToGroup(hub.ctx(), { groupId: 'team', serverId: 'files' });
    const before = runtime.selectionChanges;
    await addMember(hub.ctx(), { groupId: 'team', userId: user.id });
    await expect.poll(() => other.select(runtimeCredentialOf(user), 'team')?.servers.length, soon).toBe(1);
    expect(runtime.selectionChanges).toBeGreaterThan(before);
    expect(runtime.specs.map(({ id }) => id)).toEqual(['files']);
  });

  it('follows changed settings within a second', async () => {
    const heard: string[] = [];
    const end = other.settings.follow(({ logging }) => void heard.push(logging.level));
    await changeConfiguration(hub.ctx(), {
      logging: { level: 'debug' },
      limits: { requestsPerMinute: { anonymous: 3 } },
    });
    await expect.poll(() => heard, soon).toEqual(['info', 'debug']);
    expect(other.limits.request({ type: 'anonymous' }, '10.3.3.3').limit).toBe(3);
    end();
  });

  it('is told of many changes at once in pieces that fit', async () => {
    const { username, id } = await hub.addUser('user');
    const sessions = await Promise.all(
      Array.from({ length: 12 }, () => login(anonymous(), { username, password: testPassword })),
    );
    for (const { token } of sessions) await other.authenticate({ bearer: token });
    const heard: string[] = [];
    other.events.subscribe((event) => void (event.type === 'session.ended' && heard.push(event.sid)));
    const many = Array.from({ length: 150 }, (_, at) => ({
      type: 'session.ended' as const,
      sid: `x${at}`,
      userId: id,
    }));
    await hub.core.deps.hub.tellReplicas(many);
    await expect.poll(() => heard.length, soon).toBe(150);
  });

  it('survives what it cannot read', async () => {
    const { sql } = hub.testDb.connection;
    for (const text of ['nonsense', '{}', '{"from":"x","events":[{"type":"unheard.of"}]}']) {
      await sql.notify('switchboard_events', text);
    }
    const { username } = await hub.addUser('user');
    const { token } = await login(anonymous(), { username, password: testPassword });
    expect((await other.authenticate({ bearer: token })).actor).toMatchObject({ username });
  });
});
