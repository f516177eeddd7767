import { z } from 'zod';
import { hubHealth, readMetrics, readTop, readTrends } from '@switchboard/core/monitoring';
import { ReadMetrics, ReadTop } from '@switchboard/core/monitoring/schema';
import { authed, router } from '../trpc.ts';

const when = z.coerce.date().optional();
const MetricsInput = ReadMetrics.extend({ from: when, to: when });
const TopInput = ReadTop.extend({ from: when, to: when });

export const monitoring = router({
  metrics: authed.input(MetricsInput.prefault({})).query(({ ctx, input }) => readMetrics(ctx.core, input)),
  top: authed.input(TopInput).query(({ ctx, input }) => readTop(ctx.core, input)),
  trends: authed.query(({ ctx }) => readTrends(ctx.core, {})),
  health: authed.query(({ ctx }) => hubHealth(ctx.core, {})),
});
