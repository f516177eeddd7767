import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { tables, type Db } from '@switchboard/db';
import { createTestDb, type TestDb } from '@switchboard/db/testing';
import type { Ctx } from '../context.ts';
import { silentLog } from '../testing.ts';
import type { PollIntervals } from './boss.ts';
import { jobType, shortWork, type JobType } from './job-type.ts';
import { createJobs, type RunningJobs } from './jobs.ts';

/** Polls that nobody waits for: what is quick here was told. */
const pace: PollIntervals = { pollSeconds: 600, cronSeconds: 1, superviseSeconds: 1 };
const quickRetries = { ...shortWork, retryLimit: 2, retryDelaySeconds: 1, longestRetryDelaySeconds: 1 };
const soon = { interval: 20, timeout: 15_000 };

let testDb: TestDb;
let db: Db;
beforeAll(async () => {
  testDb = await createTestDb();
  ({ db } = testDb);
});
afterAll(() => testDb.close());

interface Given {
  types: readonly JobType[];
  pace?: PollIntervals;
  graceMs?: number;
  startJobsAfterSeconds?: number;
}

/** Jobs of one hub. */
function hubWith({ types, graceMs = 3_000, ...more }: Given): RunningJobs {
  function contextOf(job: string, signal: AbortSignal) {
    return { db, signal, log: silentLog, actor: { type: 'system', job } } as Ctx;
  }
  const database = testDb.connection;
  return createJobs({ database, types, log: silentLog, contextOf, pace, graceMs, ...more });
}

/** Writes what it was given down. */
function noting(name: string, heard: unknown[], more: Partial<JobType> = {}): JobType {
  return jobType({
    name,
    version: 1,
    input: z.object({ id: z.string() }),
    limits: quickRetries,
    async run(_ctx, input) {
      heard.push(input);
    },
    ...more,
  });
}

/** Puts a job into the store as another version of the hub did. */
async function put(name: string, data: object, ageMinutes = 0): Promise<void> {
  await testDb.connection.sql`
    insert into switchboard_jobs.job (name, data, dead_letter, retry_limit, retry_delay, created_on, start_after)
    values (${name}, ${JSON.stringify(data)}::text::jsonb, 'set-aside', 3, 1,
      now() - make_interval(mins => ${ageMinutes}), now() - make_interval(mins => ${ageMinutes}))`;
}

describe('a job', () => {
  it('is run as soon as it is asked for, and its type tells how it went', async () => {
    const heard: unknown[] = [];
    const type = noting('test.told', heard);
    const jobs = hubWith({ types: [type] });
    await jobs.start();
    await jobs.send(db, type, { id: 'a' });
    await expect.poll(() => heard, soon).toEqual([{ id: 'a' }]);
    await expect
      .poll(() => jobs.types(), soon)
      .toMatchObject([{ name: 'test.told', schedule: null, waiting: 0, running: 0, failed: 0, lastRun: { ok: true } }]);
    expect(jobs.trouble()).toBeNull();
    await jobs.stop();
    expect(jobs.trouble()).toContain('not run');
  });

  it('is undone with the transaction that asked for it', async () => {
    const heard: unknown[] = [];
    const type = noting('test.undone', heard);
    const jobs = hubWith({ types: [type] });
    await jobs.start();
    const work = db.transaction(async (tx) => {
      await tx.insert(tables.settings).values({ key: 'undone', value: 1 });
      await jobs.send(tx, type, { id: 'undone' });
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    await db.transaction(async (tx) => void (await jobs.send(tx, type, { id: 'done' })));
    await expect.poll(() => heard, soon).toEqual([{ id: 'done' }]);
    await jobs.stop();
  });

  it('has a small input that its type takes', async () => {
    const type = noting('test.small', []);
    const jobs = hubWith({ types: [type] });
    await expect(jobs.send(db, type, { id: 'x'.repeat(5_000) })).rejects.toThrow('more than 4096 characters');
    await expect(jobs.send(db, type, { name: 'x' })).rejects.toThrow('input: id: ');
  });

  it('that fails is tried again by its limits, then set aside with its reason', async () => {
    let tries = 0;
    const at: number[] = [];
    const type = noting('test.failing', [], {
      async run() {
        tries += 1;
        at.push(Date.now());
        if (tries <= 3) throw new Error(`no luck ${tries}`);
      },
    });
    const jobs = hubWith({ types: [type] });
    await jobs.start();
    await jobs.send(db, type, { id: 'a' });
    await expect.poll(() => tries, soon).toBe(2);
    await expect.poll(async () => (await jobs.types())[0]?.lastError, soon).toBe('no luck 2');
    await expect.poll(() => jobs.setAside(), soon).toHaveLength(1);
    expect(tries).toBe(3);
    expect((at[2] ?? 0) - (at[1] ?? 0)).toBeGreaterThan(900);
    const [aside] = await jobs.setAside();
    expect(aside).toMatchObject({ type: 'test.failing', reason: 'no luck 3', tries: 3, input: { id: 'a' } });
    expect(await jobs.types()).toMatchObject([{ failed: 1, lastError: 'no luck 3', lastRun: { ok: false } }]);
    expect(await jobs.findAside(aside?.id ?? '')).toEqual(aside);
    expect(await jobs.retry(db, aside?.id ?? '')).toBe(true);
    jobs.wake('test.failing');
    await expect.poll(() => tries, soon).toBe(4);
    expect(await jobs.setAside()).toEqual([]);
    await jobs.stop();
  });
});

describe('what is stored of a job', () => {
  it('by an older version is migrated; what cannot be is set aside, and so is what does not fit', async () => {
    const heard: unknown[] = [];
    const type = noting('test.versions', heard, {
      version: 3,
      migrations: {
        2: (input) => ({ id: z.object({ key: z.string() }).parse(input).key }),
      },
    });
    const jobs = hubWith({ types: [type] });
    await jobs.start();
    await put('test.versions', { version: 2, input: { key: 'of two' } });
    await put('test.versions', { version: 2, input: { nothing: 1 } });
    await put('test.versions', { version: 1, input: { old: 1 } });
    await put('test.versions', { version: 3, input: { id: 7 } });
    await put('test.versions', { id: 'bare' });
    for (let n = 0; n < 5; n += 1) {
      jobs.wake('test.versions');
      await expect.poll(async () => (await jobs.types())[0], soon).toMatchObject({ waiting: 4 - n, running: 0 });
    }
    expect(heard).toEqual([{ id: 'of two' }]);
    const reasons = (await jobs.setAside()).map(({ reason }) => reason).sort();
    expect(reasons).toEqual([
      expect.stringContaining('Its input cannot be brought from version 2 on: '),
      expect.stringContaining('Its input does not fit: id: '),
      'Its input is of version 1, and nothing makes it 2.',
      'What is stored of it has no version and input.',
    ]);
    for (const { id } of await jobs.setAside()) await jobs.drop(db, id);
    expect(await jobs.setAside()).toEqual([]);
    await jobs.stop();
  });

  it('by a newer version waits for a hub that knows it', async () => {
    const heard: unknown[] = [];
    const type = noting('test.newer', heard);
    const older = hubWith({ types: [type] });
    await older.start();
    await put('test.newer', { version: 2, input: { id: 'of a newer hub' } });
    older.wake('test.newer');
    await expect.poll(async () => (await older.types())[0]?.lastError, soon).toContain('a newer hub asked for it');
    await older.stop();
    const newer = hubWith({ types: [{ ...type, version: 2 }], pace: { ...pace, pollSeconds: 0.5 } });
    await newer.start();
    await expect.poll(() => heard, soon).toEqual([{ id: 'of a newer hub' }]);
    await newer.stop();
  });

  it('of a type that nobody knows is set aside when no other hub has taken it for minutes', async () => {
    const before = hubWith({ types: [noting('test.gone', [])] });
    await before.start();
    await before.stop();
    await put('test.gone', { version: 1, input: { id: 'old' } }, 10);
    await put('test.gone', { version: 1, input: { id: 'young' } });
    const jobs = hubWith({ types: [], pace: { ...pace, pollSeconds: 0.5 } });
    await jobs.start();
    await expect
      .poll(() => jobs.setAside(), soon)
      .toMatchObject([{ type: 'test.gone', reason: expect.stringContaining('knows no jobs of the type test.gone') }]);
    expect((await jobs.setAside())[0]?.input).toEqual({ id: 'old' });
    async function stateOfYoung() {
      const [row] = await testDb.connection.sql<{ state: string }[]>`
        select state from switchboard_jobs.job where name = 'test.gone' and data -> 'input' ->> 'id' = 'young'`;
      return row?.state;
    }
    await expect.poll(stateOfYoung, soon).toBe('retry');
    await jobs.stop();
    const [aside] = await jobs.setAside();
    if (aside) await jobs.drop(db, aside.id);
  });
});

describe('a hub that stops', () => {
  it('gives a running job its time', async () => {
    const heard: string[] = [];
    const type = noting('test.patient', [], {
      async run(ctx) {
        heard.push('begun');
        await new Promise((resolve) => setTimeout(resolve, 700));
        heard.push(ctx.signal.aborted ? 'aborted' : 'done');
      },
    });
    const jobs = hubWith({ types: [type] });
    await jobs.start();
    await jobs.send(db, type, { id: 'a' });
    await expect.poll(() => heard, soon).toEqual(['begun']);
    await jobs.stop();
    expect(heard).toEqual(['begun', 'done']);
    expect(await jobs.types()).toMatchObject([{ running: 0, waiting: 0, lastRun: { ok: true } }]);
  });

  it('then aborts it, and another hub takes it up', async () => {
    const heard: string[] = [];
    const type = noting('test.aborted', [], {
      async run(ctx) {
        heard.push('begun');
        if (heard.length > 1) return;
        await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve, { once: true }));
        heard.push('aborted');
      },
    });
    const first = hubWith({ types: [type], graceMs: 1_000 });
    await first.start();
    await first.send(db, type, { id: 'a' });
    await expect.poll(() => heard, soon).toEqual(['begun']);
    const from = performance.now();
    await first.stop();
    expect(performance.now() - from).toBeLessThan(10_000);
    expect(heard).toEqual(['begun', 'aborted']);
    const second = hubWith({ types: [type], pace: { ...pace, pollSeconds: 0.5 } });
    expect(await second.types()).toMatchObject([
      { waiting: 1, running: 0, lastError: 'The hub stopped before it was done.' },
    ]);
    await second.start();
    await expect.poll(() => heard, soon).toEqual(['begun', 'aborted', 'begun']);
    await second.stop();
  });
});

describe('a schedule', () => {
  it('is run once, however many hubs there are, and anew when it is changed', async () => {
    const runs: { hub: number; minute: number }[] = [];
    function typeOf(hub: number, cron: string) {
      return noting('test.scheduled', [], {
        input: z.object({}),
        schedule: { cron, input: {} },
        async run() {
          runs.push({ hub, minute: Math.floor(Date.now() / 60_000) });
        },
      });
    }
    const hubs = [1, 2, 3].map((hub) => hubWith({ types: [typeOf(hub, '* * * * *')] }));
    await Promise.all(hubs.map((jobs) => jobs.start()));
    expect(await hubs[0]?.types()).toMatchObject([{ schedule: '* * * * *', nextRunAt: expect.any(Date) }]);
    await expect.poll(() => runs.length, soon).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect(runs.length, 'one for each minute').toBe(new Set(runs.map(({ minute }) => minute)).size);
    await Promise.all(hubs.map((jobs) => jobs.stop()));
    const changed = hubWith({ types: [typeOf(4, '7 3 * * *')] });
    await changed.start();
    function schedules() {
      return testDb.connection.sql`select name, cron from switchboard_jobs.schedule`;
    }
    expect(await schedules()).toMatchObject([{ name: 'test.scheduled', cron: '7 3 * * *' }]);
    await changed.stop();
    const without = hubWith({ types: [noting('test.scheduled', [])] });
    await without.start();
    expect(await schedules()).toHaveLength(0);
    await without.stop();
  });

  it('that also runs at the start does so once for hubs that start together', async () => {
    const runs: number[] = [];
    function typeOf(hub: number) {
      return noting('test.at-start', [], {
        input: z.object({}),
        alone: true,
        schedule: { cron: '7 3 * * *', input: {}, atStart: true },
        async run() {
          runs.push(hub);
          await new Promise((resolve) => setTimeout(resolve, 300));
        },
      });
    }
    const hubs = [1, 2].map((hub) => hubWith({ types: [typeOf(hub)], startJobsAfterSeconds: 1 }));
    await Promise.all(hubs.map((jobs) => jobs.start()));
    await expect.poll(() => runs.length, soon).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(runs).toHaveLength(1);
    await Promise.all(hubs.map((jobs) => jobs.stop()));
  });
});
