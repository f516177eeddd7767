import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Actor } from '../actor.ts';
import { createGroup } from '../groups/verbs.ts';
import { createKey } from '../keys/verbs.ts';
import { createServer, removeServer } from '../servers/verbs.ts';
import { makeRecord, makeRemoteDraft, makeTestCore, type TestCore } from '../testing.ts';
import type { Logged } from './contract.ts';
import { createHubLog } from './hub-log.ts';
import { createLogs } from './stream.ts';
import { mayReadLog, readLog } from './visible-records.ts';

let hub: TestCore;
let anna: Extract<Actor, { type: 'user' }>;
let told: Logged[] = [];
beforeAll(async () => {
  hub = await makeTestCore();
  anna = await hub.addUser('user', 'anna');
  hub.core.deps.logs.subscribe((logged) => told.push(logged));
  await createServer(hub.ctx(), makeRemoteDraft({ id: 'files', visibility: 'everyone' }));
});
beforeEach(() => {
  told = [];
});
afterAll(() => hub.close());

function readers() {
  return Promise.all(
    [{}, { servers: ['files'] }].map(async (more) => {
      const { key } = await createKey(hub.ctx(anna), { name: `k${Math.random()}`, ...more });
      return hub.ctx((await hub.core.authenticate({ apiKey: key })).actor);
    }),
  );
}
async function seenBy(logged: Logged | undefined) {
  if (!logged) throw new Error('Nothing was told.');
  const [whole, confined] = await readers();
  if (!whole || !confined) throw new Error('There are two keys.');
  const stranger = await hub.addUser('user');
  const all = { admin: hub.ctx(), anna: hub.ctx(anna), whole, confined, stranger: hub.ctx(stranger) };
  return Object.keys(all).filter((name) => {
    const ctx = all[name as keyof typeof all];
    expect(readLog(ctx, logged) !== null).toBe(mayReadLog(ctx, logged));
    return mayReadLog(ctx, logged);
  });
}

it('tells committed changes, for admins and whoever made them', async () => {
  await createKey(hub.ctx(anna), { name: 'mine' });
  const [logged] = told;
  if (!logged) throw new Error('Nothing was told.');
  expect(readLog(hub.ctx(), logged)).toMatchObject({
    source: 'audit',
    level: 'info',
    message: expect.stringMatching(/^anna: key\.create /),
    requestId: expect.any(String),
  });
  expect(await seenBy(logged)).toEqual(['admin', 'anna', 'whole']);
});

it('tells nothing of a change that came to nothing, but that it was refused', async () => {
  await createGroup(hub.ctx(), { name: 'taken' });
  told = [];
  await expect(createGroup(hub.ctx(), { name: 'taken' })).rejects.toThrow();
  expect(told).toEqual([]);
  const over = hub.core.ctxFor(anna, { way: 'rest', requestId: 'r1' });
  await expect(removeServer(over, { id: 'files' })).rejects.toThrow();
  expect(told.map((logged) => readLog(hub.ctx(), logged))).toMatchObject([
    {
      level: 'warn',
      server: 'files',
      requestId: 'r1',
      message: expect.stringContaining('server.remove files: refused'),
    },
  ]);
});

it('tells lines of a server to who may read its log', async () => {
  hub.runtime.tell({
    type: 'log',
    line: { seq: 7, serverId: 'files', time: 0, level: 'error', source: 'stderr', message: 'broke', instance: null },
  });
  expect(told.map((logged) => readLog(hub.ctx(), logged))).toMatchObject([
    { id: 'server:files:7', timestamp: '1970-01-01T00:00:00.000Z', level: 'error', source: 'server', server: 'files' },
  ]);
  expect(await seenBy(told[0])).toEqual(['admin']);
});

it('tells calls that failed, to who may read them', async () => {
  const credential = `user:${anna.id}:s`;
  hub.runtime.tell({ type: 'call', record: makeRecord({ outcome: 'ok', credential }) });
  hub.runtime.tell({
    type: 'call',
    record: makeRecord({ outcome: 'timeout', serverId: 'files', name: 'read', credential, requestId: 'r2' }),
  });
  expect(told).toHaveLength(1);
  expect(told.map((logged) => readLog(hub.ctx(anna), logged))).toMatchObject([
    { source: 'calls', level: 'error', server: 'files', requestId: 'r2', message: 'tools/call read: timeout' },
  ]);
  expect(await seenBy(told[0])).toEqual(['admin', 'anna', 'whole']);
});

it('tells its own lines, to admins', async () => {
  const own = createHubLog();
  const logs = createLogs(own, hub.runtime, hub.core.deps.log);
  const heard: Logged[] = [];
  logs.subscribe((logged) => heard.push(logged));
  own.write(JSON.stringify({ level: 50, time: 5, msg: 'It broke', server: 'files', requestId: 'r3' }));
  expect(heard.map((logged) => readLog(hub.ctx(), logged))).toMatchObject([
    { source: 'hub', level: 'error', message: 'It broke', server: 'files', requestId: 'r3' },
  ]);
  expect(await seenBy(heard[0])).toEqual(['admin']);
  logs.close();
  own.write(JSON.stringify({ msg: 'later' }));
  expect(heard).toHaveLength(1);
});

it('tells a listener that fails nothing more, and logs that once', () => {
  const lines: string[] = [];
  const own = createHubLog();
  const log = {
    ...hub.core.deps.log,
    error: (_: object, message: string) => own.write(JSON.stringify({ msg: message })),
  };
  const logs = createLogs(own, hub.runtime, log);
  logs.subscribe(() => {
    throw new Error('odd');
  });
  logs.subscribe((logged) => void lines.push(readLog(hub.ctx(), logged)?.message ?? ''));
  own.write(JSON.stringify({ msg: 'first' }));
  expect(lines.toSorted()).toEqual(['A reader of the log failed', 'first']);
  logs.close();
});
