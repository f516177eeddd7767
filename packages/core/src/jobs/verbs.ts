import { z } from 'zod';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { verb } from '../verb.ts';
import { ByJobId, type JobsOverview, type SetAsideJob } from './schema.ts';

/** The types of jobs, how they went, and what was set aside. */
export const listJobs = verb(
  { name: 'job.read', access: 'read', input: z.object({}) },
  async ({ jobs }): Promise<JobsOverview> => {
    const [types, setAside] = await Promise.all([jobs.types(), jobs.setAside()]);
    return { trouble: jobs.trouble(), types, setAside };
  },
);

async function requireAside({ jobs }: Ctx, id: string): Promise<SetAsideJob> {
  const job = await jobs.findAside(id);
  if (!job) throw new DomainError('not_found', say('noJob', { id }), { value: id });
  return job;
}

/** Runs a job that was set aside once more. */
export const retryJob = verb(
  { name: 'job.retry', access: 'write', input: ByJobId },
  async (ctx, { id }): Promise<SetAsideJob> => {
    const job = await requireAside(ctx, id);
    if (!(await ctx.jobs.retry(ctx.db, id))) {
      throw new DomainError('conflict', say('jobWaits', { type: job.type }), { value: id });
    }
    ctx.audit({ id, details: { type: job.type, reason: job.reason } });
    ctx.afterwards(async () => ctx.jobs.wake(job.type));
    return job;
  },
);

/** Forgets a job that was set aside. */
export const dropJob = verb(
  { name: 'job.drop', access: 'write', input: ByJobId },
  async (ctx, { id }): Promise<SetAsideJob> => {
    const job = await requireAside(ctx, id);
    await ctx.jobs.drop(ctx.db, id);
    ctx.audit({ id, details: { type: job.type, reason: job.reason } });
    return job;
  },
);
