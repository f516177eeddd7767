import { z } from 'zod';
import { dropJob, listJobs, retryJob } from '@switchboard/core/jobs';
import type { JobTypeState, SetAsideJob } from '@switchboard/core/jobs/schema';
import { route } from './dialect.ts';
import { jobs } from './examples-access.ts';
import { iso, ok } from './map.ts';
import { envelope } from './wire.ts';

const moment = z.iso.datetime().nullable();

const HubJobType = z
  .object({
    name: z.string(),
    schedule: z.string().nullable().meta({ description: 'Cron, in UTC; null: its jobs are only asked for' }),
    waiting: z.int().meta({ description: 'Jobs that wait, those for another try included' }),
    running: z.int().meta({ description: 'Jobs that a hub works on' }),
    lastRun: z
      .object({
        endedAt: z.iso.datetime(),
        ok: z.boolean(),
        durationMs: z.number().meta({ description: 'Milliseconds' }),
      })
      .nullable()
      .meta({ description: 'The last job that was done or given up; null: none in seven days' }),
    nextRunAt: moment.meta({ description: 'null: it has no schedule' }),
    failed: z.int().meta({ description: 'Jobs given up in the last seven days' }),
    lastError: z.string().nullable().meta({ description: 'Why one failed last; null: none did in seven days' }),
  })
  .meta({ id: 'HubJobType' });

const HubSetAsideJob = z
  .object({
    id: z.string(),
    type: z.string(),
    reason: z.string().meta({ description: 'Why nobody runs it' }),
    setAsideAt: z.iso.datetime(),
    askedAt: moment.meta({ description: 'null: it is not known' }),
    tries: z.int().meta({ description: 'How often it was tried' }),
    input: z.unknown().meta({ description: 'What the job was given: an id, or little more' }),
  })
  .meta({ id: 'HubSetAsideJob' });

const HubJobs = z.object({
  trouble: z.string().nullable().meta({ description: 'Why no job is run; null: they are' }),
  types: z.array(HubJobType),
  setAside: z.array(HubSetAsideJob).meta({ description: 'The newest hundred' }),
});

const ByJob = z.object({ jobId: z.string().meta({ description: 'Id of a job that was set aside' }) });

function toHubJobType({ lastRun, nextRunAt, ...type }: JobTypeState) {
  return {
    ...type,
    lastRun: lastRun && { ...lastRun, endedAt: iso(lastRun.endedAt) },
    nextRunAt: nextRunAt && iso(nextRunAt),
  };
}

function toHubSetAsideJob({ at, askedAt, ...job }: SetAsideJob) {
  return {
    ...job,
    setAsideAt: iso(at),
    askedAt: askedAt && iso(askedAt),
  };
}

export const list = route({
  method: 'GET',
  path: '/api/jobs',
  summary: 'Show the work behind the scenes',
  description:
    'The types of jobs, how they went, and the jobs that were set aside: what they were given does not fit, this hub does ' +
    'not know them, or every try failed.',
  beyond: true,
  verbs: [listJobs],
  errors: [401, 403, 429],
  example: { response: jobs.list },
})
  .input(z.object({}))
  .output(envelope(HubJobs))
  .query(async ({ ctx }) => {
    const { trouble, types, setAside } = await listJobs(ctx.core, {});
    return ok({ trouble, types: types.map(toHubJobType), setAside: setAside.map(toHubSetAsideJob) });
  });

export const retry = route({
  method: 'POST',
  path: '/api/jobs/set-aside/{jobId}/retry',
  summary: 'Run a job that was set aside once more',
  beyond: true,
  verbs: [retryJob],
  errors: [401, 403, 404, 409, 422, 429],
  example: { response: jobs.one },
})
  .input(ByJob)
  .output(envelope(HubSetAsideJob))
  .mutation(async ({ ctx, input }) => ok(toHubSetAsideJob(await retryJob(ctx.core, { id: input.jobId }))));

export const drop = route({
  method: 'DELETE',
  path: '/api/jobs/set-aside/{jobId}',
  summary: 'Forget a job that was set aside',
  beyond: true,
  verbs: [dropJob],
  errors: [401, 403, 404, 422, 429],
  example: { response: jobs.one },
})
  .input(ByJob)
  .output(envelope(HubSetAsideJob))
  .mutation(async ({ ctx, input }) => ok(toHubSetAsideJob(await dropJob(ctx.core, { id: input.jobId }))));
