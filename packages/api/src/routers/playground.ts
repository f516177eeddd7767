import { AnswerInput, RunInput } from '../playground.ts';
import { authed, router } from '../trpc.ts';

export const playground = router({
  run: authed
    .input(RunInput)
    .subscription(({ ctx, input, signal }) => ctx.playground.run(ctx.core, input, signal ?? ctx.core.signal)),
  answer: authed.input(AnswerInput).mutation(({ ctx, input }) => ctx.playground.answer(ctx.core, input)),
});
