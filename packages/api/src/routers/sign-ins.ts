import * as core from '@switchboard/core/sign-ins';
import * as schema from '@switchboard/core/sign-ins/schema';
import { authed, router } from '../trpc.ts';

const BeginInput = schema.BeginSignIn.omit({ origin: true });

export const signIns = router({
  get: authed.input(schema.SignInAt).query(({ ctx, input }) => core.getSignIn(ctx.core, input)),
  begin: authed
    .input(BeginInput)
    .mutation(({ ctx, input }) => core.beginSignIn(ctx.core, { ...input, origin: ctx.ownUrl })),
  end: authed.input(schema.SignInAt).mutation(({ ctx, input }) => core.endSignIn(ctx.core, input)),
});
