import * as core from '@switchboard/core/playground';
import * as schema from '@switchboard/core/playground/schema';
import { authed, router, until } from '../trpc.ts';

export const playground = router({
  tools: authed.input(schema.OfServer).query(({ ctx, input }) => core.listOfferedTools(ctx.core, input)),
  hold: authed.input(schema.RunInput).mutation(({ ctx, input }) => core.holdCall(ctx.core, input)),
  run: authed
    .input(schema.OpenRunInput)
    .subscription(({ ctx, input, signal }) => core.startCall(until(ctx, signal), input)),
  /** For a client that lost the stream of a call: the call runs for a while without followers. */
  follow: authed
    .input(schema.FollowCall)
    .subscription(({ ctx, input, signal }) => core.followCall(until(ctx, signal), input)),
  answer: authed.input(schema.AnswerInput).mutation(({ ctx, input }) => core.answerCall(ctx.core, input)),
  cancel: authed.input(schema.CallRef).mutation(({ ctx, input }) => core.cancelCall(ctx.core, input)),
});
