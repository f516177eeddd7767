import { ByConversation } from '@switchboard/core/conversations/schema';
import * as core from '@switchboard/core/generation';
import * as schema from '@switchboard/core/generation/schema';
import { authed, router } from '../trpc.ts';

/** What models make. A round is followed, stopped and gone on with as one of any conversation. */
export const generation = router({
  list: authed
    .input(schema.ListGenerations.prefault({}))
    .query(({ ctx, input }) => core.listGenerations(ctx.core, input)),
  /** What was made so far, and what is missing. */
  get: authed.input(ByConversation).query(({ ctx, input }) => core.getGeneration(ctx.core, input)),
  graph: router({
    prompt: authed
      .input(schema.GraphTemplate.prefault({}))
      .query(({ ctx, input }) => core.graphTemplate(ctx.core, input)),
    say: authed.input(schema.SayOfGraph).mutation(({ ctx, input }) => core.sayOfGraph(ctx.core, input)),
    finish: authed.input(ByConversation).mutation(({ ctx, input }) => core.finishGraph(ctx.core, input)),
  }),
  tool: router({
    prompt: authed.query(({ ctx }) => core.toolTemplate(ctx.core, {})),
    say: authed.input(schema.SayOfTool).mutation(({ ctx, input }) => core.sayOfTool(ctx.core, input)),
    finish: authed.input(ByConversation).mutation(({ ctx, input }) => core.finishTool(ctx.core, input)),
  }),
});
