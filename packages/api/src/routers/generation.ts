import { ByConversation } from '@switchboard/core/conversations/schema';
import * as core from '@switchboard/core/generation';
import * as schema from '@switchboard/core/generation/schema';
import { authed, router } from '../trpc.ts';

/**
 * Dialogues in which models make graphs and tools. A round is followed, stopped and continued like one of any
 * conversation.
 */
export const generation = router({
  list: authed
    .input(schema.ListGenerations.prefault({}))
    .query(({ ctx, input }) => core.listGenerations(ctx.core, input)),
  /** The draft, and its missing parts. */
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
