import { z } from 'zod';
import { pruneOauth } from '../../oauth/prune.ts';
import { jobType, shortWork } from '../job-type.ts';

/** Removes tokens of clients that have expired, and clients that nobody used. */
export const pruneOauthJob = jobType({
  name: 'oauth.prune',
  version: 1,
  input: z.object({}),
  limits: shortWork,
  alone: true,
  schedule: { cron: '51 * * * *', input: {}, atStart: true },
  run: (ctx) => pruneOauth(ctx.db, ctx.clock.now()),
});
