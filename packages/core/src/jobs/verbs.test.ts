import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAudit } from '../audit/verbs.ts';
import { makeTestCore, type TestCore } from '../testing.ts';
import { jobTypes } from './types/index.ts';
import { dropJob, listJobs, retryJob } from './verbs.ts';

let hub: TestCore;
beforeAll(async () => {
  hub = await makeTestCore();
  await listJobs(hub.ctx(), {});
});
afterAll(() => hub.close());

/** A job that was set aside by a hub. */
async function setAside(type: string, reason: string): Promise<string> {
  const [row] = await hub.testDb.connection.sql<{ id: string }[]>`
    insert into switchboard_jobs.job (name, data, source_name, source_output, source_retry_count, source_created_on)
    values ('set-aside', '{"version":1,"input":{"id":"x"}}', ${type}, jsonb_build_object('reason', ${reason}::text), 5,
      now() - interval '1 hour') returning id`;
  return row?.id ?? '';
}

async function waitingOf(type: string) {
  return (await hub.core.deps.jobs.types()).find(({ name }) => name === type)?.waiting;
}
async function auditOf(id: string) {
  return (await listAudit(hub.ctx(), { kind: 'change', target: id })).items.map(({ action, outcome, details }) => ({
    action,
    outcome,
    details,
  }));
}
const nobody = '00000000-0000-4000-8000-000000000000';

describe('jobs that were set aside', () => {
  it('are shown to administrators with the types of jobs, and to nobody else', async () => {
    const id = await setAside('history.prune', 'disk full');
    const { types, setAside: aside, trouble } = await listJobs(hub.ctx(), {});
    expect(types.map(({ name }) => name)).toEqual(jobTypes.map(({ name }) => name).toSorted());
    expect(types.find(({ name }) => name === 'history.prune')).toMatchObject({
      schedule: '11 * * * *',
      lastRun: null,
      failed: 0,
      lastError: null,
    });
    expect(aside).toMatchObject([{ id, type: 'history.prune', reason: 'disk full', tries: 6, input: { id: 'x' } }]);
    expect(trouble).toContain('not run');
    for (const role of ['manager', 'user', 'viewer'] as const) {
      const ctx = hub.ctx(await hub.addUser(role));
      await expect(listJobs(ctx, {})).rejects.toMatchObject({ code: 'forbidden' });
      await expect(retryJob(ctx, { id })).rejects.toMatchObject({ code: 'forbidden' });
      await expect(dropJob(ctx, { id })).rejects.toMatchObject({ code: 'forbidden' });
    }
    await dropJob(hub.ctx(), { id });
  });

  it('wait again when they are retried, which is written down', async () => {
    const id = await setAside('sessions.prune', 'no luck');
    expect(await retryJob(hub.ctx(), { id })).toMatchObject({ id, reason: 'no luck' });
    expect(await waitingOf('sessions.prune')).toBe(1);
    expect(await auditOf(id)).toMatchObject([
      { action: 'job.retry', outcome: 'ok', details: { type: 'sessions.prune', reason: 'no luck' } },
    ]);
    await expect(retryJob(hub.ctx(), { id })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('are not retried while another one of a type that runs alone waits', async () => {
    const id = await setAside('sessions.prune', 'no luck again');
    await expect(retryJob(hub.ctx(), { id })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining("Another job of the type 'sessions.prune' waits"),
    });
    expect((await listJobs(hub.ctx(), {})).setAside).toMatchObject([{ id, reason: 'no luck again' }]);
    await dropJob(hub.ctx(), { id });
  });

  it('are gone when they are dropped, which is written down', async () => {
    const id = await setAside('history.prune', 'disk full');
    await dropJob(hub.ctx(), { id });
    expect((await listJobs(hub.ctx(), {})).setAside).toEqual([]);
    expect(await auditOf(id)).toMatchObject([{ action: 'job.drop', outcome: 'ok' }]);
    await expect(dropJob(hub.ctx(), { id: nobody })).rejects.toMatchObject({ code: 'not_found' });
    await expect(dropJob(hub.ctx(), { id: 'no id' })).rejects.toMatchObject({ code: 'invalid' });
  });
});
