import * as core from '@switchboard/core/engines';
import * as schema from '@switchboard/core/engines/schema';
import { authed, router, until } from '../trpc.ts';

export const engines = router({
  list: authed.query(({ ctx }) => core.listEngines(ctx.core, {})),
  overview: authed.input(schema.OnEngine.prefault({})).query(({ ctx, input }) => core.engineOverview(ctx.core, input)),
  diskUsage: authed.input(schema.OnEngine.prefault({})).query(({ ctx, input }) => core.diskUsage(ctx.core, input)),
  /** Looks for an engine that is away now. */
  look: authed.input(schema.OnEngine.prefault({})).mutation(({ ctx, input }) => core.lookAtEngine(ctx.core, input)),
  runs: authed.input(schema.ListRuns.prefault({})).query(({ ctx, input }) => core.listRuns(ctx.core, input)),
  run: authed
    .input(schema.FollowRun)
    .subscription(({ ctx, input, signal }) => core.followRun(until(ctx, signal), input)),
  /** The resource use of its containers, about every two seconds. */
  usage: authed
    .input(schema.OnEngine.prefault({}))
    .subscription(({ ctx, input, signal }) => core.followUsage(until(ctx, signal), input)),
  cancelRun: authed.input(schema.RunById).mutation(({ ctx, input }) => core.cancelRun(ctx.core, input)),
});
