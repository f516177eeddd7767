import * as core from '@switchboard/core/stacks';
import * as schema from '@switchboard/core/stacks/schema';
import { authed, router, until } from '../trpc.ts';

/** Slow work is a run, whose output engines.run follows. */
export const stacks = router({
  list: authed.input(schema.ListStacks.prefault({})).query(({ ctx, input }) => core.listStacks(ctx.core, input)),
  get: authed.input(schema.StackRef).query(({ ctx, input }) => core.getStack(ctx.core, input)),
  /** Validation, findings, plan and diff; changes nothing, but is a mutation for the size of what it takes. */
  check: authed.input(schema.CheckStack).mutation(({ ctx, input }) => core.checkStack(ctx.core, input)),
  create: authed.input(schema.CreateStack).mutation(({ ctx, input }) => core.createStack(ctx.core, input)),
  update: authed.input(schema.UpdateStack).mutation(({ ctx, input }) => core.updateStack(ctx.core, input)),
  versions: authed.input(schema.StackRef).query(({ ctx, input }) => core.listStackVersions(ctx.core, input)),
  diff: authed.input(schema.DiffStack).query(({ ctx, input }) => core.diffStackVersions(ctx.core, input)),
  restore: authed.input(schema.RestoreStack).mutation(({ ctx, input }) => core.restoreStack(ctx.core, input)),
  revealEnv: authed.input(schema.StackRef).mutation(({ ctx, input }) => core.revealStackEnv(ctx.core, input)),
  adopt: authed.input(schema.AdoptStack).mutation(({ ctx, input }) => core.adoptStack(ctx.core, input)),
  up: authed.input(schema.UpStack).mutation(({ ctx, input }) => core.upStack(ctx.core, input)),
  down: authed.input(schema.DownStack).mutation(({ ctx, input }) => core.downStack(ctx.core, input)),
  stop: authed.input(schema.OperateStack).mutation(({ ctx, input }) => core.stopStack(ctx.core, input)),
  restart: authed.input(schema.OperateStack).mutation(({ ctx, input }) => core.restartStack(ctx.core, input)),
  scale: authed.input(schema.ScaleStack).mutation(({ ctx, input }) => core.scaleStack(ctx.core, input)),
  updates: authed.input(schema.StackRef).query(({ ctx, input }) => core.checkStackUpdates(ctx.core, input)),
  remove: authed.input(schema.RemoveStack).mutation(({ ctx, input }) => core.removeStack(ctx.core, input)),
  logs: authed.input(schema.StackLogs).query(({ ctx, input }) => core.stackLogs(ctx.core, input)),
  followLogs: authed
    .input(schema.StackLogs)
    .subscription(({ ctx, input, signal }) => core.followStackLogs(until(ctx, signal), input)),
});
