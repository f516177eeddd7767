import { AnswerInput, OpenRunInput, RunInput } from '../playground.ts';
import { authed, router } from '../trpc.ts';

export const playground = router({
  hold: authed.input(RunInput).mutation(({ ctx, input }) => ctx.playground.hold(ctx.core, input)),
  run: authed
    .input(OpenRunInput)
    .subscription(({ ctx, input, signal }) => ctx.playground.run(ctx.core, input, signal ?? ctx.core.signal)),
  answer: authed.input(AnswerInput).mutation(({ ctx, input }) => ctx.playground.answer(ctx.core, input)),
});
