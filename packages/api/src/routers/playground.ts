import { z } from 'zod';
import { AnswerInput, OpenRunInput, RunInput } from '../playground-schema.ts';
import { authed, router } from '../trpc.ts';

const OfServer = z.object({ serverId: z.string().min(1).max(256) });

export const playground = router({
  tools: authed.input(OfServer).query(({ ctx, input }) => ctx.playground.tools(ctx.core, input.serverId)),
  hold: authed.input(RunInput).mutation(({ ctx, input }) => ctx.playground.hold(ctx.core, input)),
  run: authed
    .input(OpenRunInput)
    .subscription(({ ctx, input, signal }) => ctx.playground.run(ctx.core, input, signal ?? ctx.core.signal)),
  answer: authed.input(AnswerInput).mutation(({ ctx, input }) => ctx.playground.answer(ctx.core, input)),
});
