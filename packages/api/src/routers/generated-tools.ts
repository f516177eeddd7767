import * as core from '@switchboard/core/generated-tools';
import * as schema from '@switchboard/core/generated-tools/schema';
import { authed, router } from '../trpc.ts';

export const generatedTools = router({
  list: authed.query(({ ctx }) => core.listGeneratedTools(ctx.core, {})),
  get: authed.input(schema.ByTool).query(({ ctx, input }) => core.getGeneratedTool(ctx.core, input)),
  register: authed
    .input(schema.RegisterGeneratedTool)
    .mutation(({ ctx, input }) => core.registerGeneratedTool(ctx.core, input)),
  /** Disables it until it is reviewed again. */
  change: authed.input(schema.ChangeTool).mutation(({ ctx, input }) => core.changeGeneratedTool(ctx.core, input)),
  /** Says that it was reviewed, and lets it run. */
  enable: authed.input(schema.EnableTool).mutation(({ ctx, input }) => core.enableGeneratedTool(ctx.core, input)),
  disable: authed.input(schema.ByTool).mutation(({ ctx, input }) => core.disableGeneratedTool(ctx.core, input)),
  remove: authed.input(schema.ByTool).mutation(({ ctx, input }) => core.removeGeneratedTool(ctx.core, input)),
});
