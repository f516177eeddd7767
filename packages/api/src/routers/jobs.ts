import { dropJob, listJobs, retryJob } from '@switchboard/core/jobs';
import { ByJobId } from '@switchboard/core/jobs/schema';
import { authed, router } from '../trpc.ts';

export const jobs = router({
  list: authed.query(({ ctx }) => listJobs(ctx.core, {})),
  retry: authed.input(ByJobId).mutation(({ ctx, input }) => retryJob(ctx.core, input)),
  drop: authed.input(ByJobId).mutation(({ ctx, input }) => dropJob(ctx.core, input)),
});
