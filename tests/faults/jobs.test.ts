import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createJobs, type JobRequest, silentLog } from '@switchboard/core/testing';
import { createTestDb, type TestDb } from '@switchboard/db/testing';
import { times } from '../support/long.ts';

/** Hubs on one database are killed in the middle of jobs: each job is done all the same, by a hub that lives. */

const rounds = times(3, 20);
const program = path.join(import.meta.dirname, '../support/job-hub.ts');
const slow: JobRequest<z.ZodType> = { name: 'test.slow', version: 1, input: z.object({ id: z.string() }) };
/** A killed hub is missed after ten seconds. */
const eventually = { interval: 50, timeout: 60_000 };

let testDb: TestDb;
const hubs = new Map<string, ChildProcess>();

async function startHub(name: string): Promise<void> {
  const child = spawn(process.execPath, [program, JSON.stringify(testDb.address), name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  hubs.set(name, child);
  await once(child.stdout, 'data');
}

async function kill(name: string): Promise<void> {
  const child = hubs.get(name);
  hubs.delete(name);
  if (child?.kill('SIGKILL')) await once(child, 'exit');
}

interface Mark {
  what: string;
  hub: string;
}

function marksOf(job: string): Promise<Mark[]> {
  return testDb.connection.sql<Mark[]>`select what, hub from job_marks where job = ${job} order by at`.then((rows) => [
    ...rows,
  ]);
}

beforeAll(async () => {
  testDb = await createTestDb();
  await testDb.connection.sql`
    create table job_marks (job text, what text, hub text, at timestamptz default clock_timestamp())`;
});
afterAll(async () => {
  for (const name of hubs.keys()) await kill(name);
  await testDb.close();
});

test(`a job whose hub is killed is taken up by the other one, ${rounds} times; a schedule runs once a minute`, async () => {
  function contextOf() {
    return {} as never;
  }
  const asker = createJobs({ database: testDb.connection, types: [], log: silentLog, contextOf });
  const startedAt = Date.now();
  await Promise.all([startHub('one'), startHub('two')]);

  for (let round = 0; round < rounds; round += 1) {
    const id = `round-${round}`;
    await asker.send(testDb.db, slow, { id });
    await expect.poll(() => marksOf(id), eventually).toHaveLength(1);
    const [{ hub: killed } = { hub: '' }] = await marksOf(id);
    await kill(killed);
    const other = killed === 'one' ? 'two' : 'one';
    await expect.poll(() => marksOf(id), eventually).toHaveLength(3);
    expect(await marksOf(id)).toEqual([
      { what: 'begun', hub: killed },
      { what: 'begun', hub: other },
      { what: 'done', hub: other },
    ]);
    await startHub(killed);
  }

  await asker.send(testDb.db, slow, { id: 'alone' });
  await expect.poll(() => marksOf('alone'), eventually).toHaveLength(1);
  await Promise.all([kill('one'), kill('two')]);
  await startHub('three');
  await expect.poll(() => marksOf('alone'), eventually).toHaveLength(3);
  expect((await marksOf('alone')).at(-1)).toEqual({ what: 'done', hub: 'three' });

  const minutes = Math.floor(Date.now() / 60_000) - Math.floor(startedAt / 60_000) + 1;
  const [{ asked } = { asked: 0 }] = await testDb.connection.sql<{ asked: number }[]>`
    select count(*)::int as asked from switchboard_jobs.job where name = 'test.minutely'`;
  expect(asked).toBeGreaterThan(0);
  expect(asked, 'at most one for each minute, and the one before the start').toBeLessThanOrEqual(minutes + 1);
  expect(await asker.setAside()).toEqual([]);
}, 1_200_000);
