import { expect, it } from 'vitest';
import { tables } from '@switchboard/db';
import { listCalls } from '../../calls/queries.ts';
import { createServer } from '../../servers/verbs.ts';
import { makeRecord, makeRemoteDraft, makeTestCore, silentLog } from '../../testing.ts';
import { createJobs } from '../jobs.ts';
import { jobTypes } from './index.ts';

it('removes what is past its time when a hub starts', async () => {
  await using hub = await makeTestCore();
  const { db, connection } = hub.testDb;
  const now = hub.clock.now();
  const longAgo = new Date(now - 100 * 86_400_000);
  hub.runtime.tell({ type: 'call', record: makeRecord({ id: 'old', startedAt: longAgo.getTime() }) });
  hub.runtime.tell({ type: 'call', record: makeRecord({ id: 'new', startedAt: now }) });
  await hub.core.deps.hub.flushCalls();
  const session = { userId: hub.admin.id, lastSeenAt: longAgo };
  await db.insert(tables.sessions).values([
    { ...session, id: 'old', sid: 'old', expiresAt: longAgo },
    { ...session, id: 'new', sid: 'new', expiresAt: new Date(now + 60_000) },
  ]);
  await createServer(hub.ctx(), makeRemoteDraft({ id: 'tasks' }));
  const route = { serverId: 'tasks', person: 'p', credential: 'c' };
  await db.insert(tables.taskRoutes).values([
    { ...route, task: 'old', expiresAt: longAgo },
    { ...route, task: 'new', expiresAt: new Date(now + 60_000) },
  ]);
  async function left() {
    return {
      calls: (await listCalls(hub.ctx(), {})).items.map(({ id }) => id),
      sessions: (await db.select({ id: tables.sessions.id }).from(tables.sessions)).map(({ id }) => id),
      tasks: (await db.select({ task: tables.taskRoutes.task }).from(tables.taskRoutes)).map(({ task }) => task),
    };
  }
  expect((await left()).calls).toHaveLength(2);
  const atStart = jobTypes.filter(({ schedule }) => schedule?.atStart).map(({ name }) => name);
  expect(atStart).toContain('history.prune');
  const jobs = createJobs({
    database: connection,
    types: jobTypes,
    log: silentLog,
    contextOf: (job, signal) => hub.core.ctxFor({ type: 'system', job }, { signal }),
    startJobsAfterSeconds: 0,
  });
  await jobs.start();
  await expect.poll(left, { interval: 50 }).toEqual({ calls: ['new'], sessions: ['new'], tasks: ['new'] });
  await expect
    .poll(async () => (await jobs.types()).filter(({ name }) => atStart.includes(name)))
    .toMatchObject(atStart.map((name) => ({ name, lastRun: { ok: true }, failed: 0 })));
  const tried = jobs.tries().map(({ type }) => type);
  expect(tried).toEqual(expect.arrayContaining(atStart));
  await jobs.stop();
});
