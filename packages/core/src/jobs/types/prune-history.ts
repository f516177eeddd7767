import { z } from 'zod';
import { pruneAppLogs } from '../../apps/retention.ts';
import { pruneHistory } from '../../audit/retention.ts';
import { pruneClaude } from '../../claude/requests.ts';
import { pruneModelTurns } from '../../models/retention.ts';
import { pruneSeries } from '../../monitoring/series/keep.ts';
import { jobType, shortWork } from '../job-type.ts';

/** Removes audit entries, calls, the simulator's log, turns of models, answers of Claude and time series that are older than they are kept. */
export const pruneHistoryJob = jobType({
  name: 'history.prune',
  version: 1,
  input: z.object({}),
  // The first one after the time was shortened may remove millions of rows.
  limits: { ...shortWork, expireInSeconds: 3_600 },
  alone: true,
  schedule: { cron: '11 * * * *', input: {}, atStart: true },
  async run(ctx) {
    await pruneClaude(ctx.db, ctx.clock.now());
    await pruneHistory(ctx.db, ctx.clock.now(), ctx.signal);
    await pruneAppLogs(ctx.db, ctx.clock.now(), ctx.signal);
    await pruneModelTurns(ctx.db, ctx.clock.now(), ctx.signal);
    await pruneSeries(ctx.db, ctx.clock.now());
  },
});
