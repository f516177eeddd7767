import { z } from 'zod';
import { jobType, shortWork } from '../job-type.ts';

/** Removes sign-ins that have expired. */
export const pruneSessionsJob = jobType({
  name: 'sessions.prune',
  version: 1,
  input: z.object({}),
  limits: shortWork,
  alone: true,
  schedule: { cron: '21 * * * *', input: {}, atStart: true },
  run: (ctx) => ctx.access.sessions.prune(),
});
