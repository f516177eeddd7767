import * as core from '@switchboard/core/playground';
import * as schema from '@switchboard/core/playground/schema';
import { authed, router, until } from '../trpc.ts';

export const playground = router({
  tools: authed.input(schema.OfServer).query(({ ctx, input }) => core.listOfferedTools(ctx.core, input)),
  hold: authed.input(schema.RunInput).mutation(({ ctx, input }) => core.holdCall(ctx.core, input)),
  run: authed
    .input(schema.OpenRunInput)
    .subscription(({ ctx, input, signal }) => core.startCall(until(ctx, signal), input)),
  /** For who lost the stream of a call: it goes on for a while without being followed. */
  follow: authed
    .input(schema.FollowCall)
    .subscription(({ ctx, input, signal }) => core.followCall(until(ctx, signal), input)),
  answer: authed.input(schema.AnswerInput).mutation(({ ctx, input }) => core.answerCall(ctx.core, input)),
  cancel: authed.input(schema.CallRef).mutation(({ ctx, input }) => core.cancelCall(ctx.core, input)),
});
