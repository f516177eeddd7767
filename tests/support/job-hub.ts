import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { createJobs, jobType, shortWork, silentLog } from '@switchboard/core/testing';
import { createDb, type DbAddress } from '@switchboard/db';

/** The jobs of one hub as a program of its own: `node job-hub.ts ADDRESS NAME`. It writes down what it runs. */

const [given = '', hub = ''] = process.argv.slice(2);
const connection = createDb(JSON.parse(given) as DbAddress, { max: 4 });
function mark(job: string, what: string) {
  return connection.sql`insert into job_marks (job, what, hub) values (${job}, ${what}, ${hub})`;
}

const limits = {
  ...shortWork,
  heartbeatSeconds: 10,
  retryLimit: 10,
  retryDelaySeconds: 1,
  longestRetryDelaySeconds: 1,
};

const slow = jobType({
  name: 'test.slow',
  version: 1,
  input: z.object({ id: z.string() }),
  limits,
  async run(_ctx, { id }) {
    await mark(id, 'begun');
    await sleep(1_000);
    await mark(id, 'done');
  },
});

const minutely = jobType({
  name: 'test.minutely',
  version: 1,
  input: z.object({}),
  limits,
  schedule: { cron: '* * * * *', input: {} },
  async run() {
    await mark('minutely', 'done');
  },
});

const jobs = createJobs({
  database: connection,
  types: [slow, minutely],
  log: silentLog,
  // These jobs take nothing of it.
  contextOf: () => ({}) as never,
  pace: { pollSeconds: 0.5, cronSeconds: 1, superviseSeconds: 1 },
});
await jobs.start();
console.log('ready');
