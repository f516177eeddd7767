import { z } from 'zod';
import { pruneTaskRoutes } from '../../calls/task-routes.ts';
import { jobType, shortWork } from '../job-type.ts';

/** Removes the routes of tasks that have ended. */
export const pruneTaskRoutesJob = jobType({
  name: 'task-routes.prune',
  version: 1,
  input: z.object({}),
  limits: shortWork,
  alone: true,
  schedule: { cron: '31 * * * *', input: {}, atStart: true },
  run: (ctx) => pruneTaskRoutes(ctx.db, ctx.clock.now()),
});
