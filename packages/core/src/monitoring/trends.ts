import { z } from 'zod';
import { verb } from '../verb.ts';
import type { Trends } from './schema.ts';
import { seenServerIds } from './scope.ts';
import { readGrid } from './series/read.ts';
import { minuteMs } from './series/resolutions.ts';

const hours = 24;

/** How the servers that the actor sees were called in the last 24 hours, by the hour. */
export const readTrends = verb(
  { name: 'monitoring.read', access: 'read', input: z.object({}) },
  async (ctx): Promise<Trends> => {
    const ids = await seenServerIds(ctx);
    await ctx.hub.flushCalls();
    const to = Math.floor(ctx.clock.now() / minuteMs) + 1;
    const span = { from: to - 1 - ((to - 1) % 60) - (hours - 1) * 60, to, resolution: 60 } as const;
    const rows = await readGrid(ctx.db, { dimension: 'server', values: [...ids] }, span, ctx.clock.now());
    const servers: Trends['servers'] = {};
    for (const { value, bucket, calls, failed } of rows) {
      const trend = (servers[value] ??= { calls: Array<number>(hours).fill(0), failed: Array<number>(hours).fill(0) });
      const hour = (bucket - span.from) / span.resolution;
      trend.calls[hour] = calls;
      trend.failed[hour] = failed;
    }
    return { servers };
  },
);
