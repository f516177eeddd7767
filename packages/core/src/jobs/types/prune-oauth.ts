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
  async run(ctx) {
    const ended = await pruneOauth(ctx.db, ctx.clock.now());
    const events = ended.map((grant) => ({ type: 'grant.changed', ...grant }) as const);
    for (const event of events) ctx.events.emit(event);
    if (events.length > 0) await ctx.hub.tellReplicas(events);
  },
});
