import {
  createMachine,
  decideRequest,
  listGrants,
  listMachines,
  oauthCookie,
  readRequest,
  removeMachine,
  revokeGrant,
} from '@switchboard/core/oauth';
import { ById, ByUid, CreateMachine, DecideRequest, ListGrants } from '@switchboard/core/oauth/schema';
import type { ApiContext } from '../context.ts';
import { authed, router } from '../trpc.ts';

/** The same with whether the request was begun in the browser that asks now. */
function here<Input extends { uid: string }>({ hasCookie, ownUrl }: ApiContext, input: Input) {
  return { ...input, isSameBrowser: hasCookie(oauthCookie(input.uid, ownUrl)) };
}

export const oauth = router({
  /** What a client asks for that sent the browser here. */
  request: authed.input(ByUid).query(({ ctx, input }) => readRequest(ctx.core, here(ctx, input))),
  decide: authed.input(DecideRequest).mutation(({ ctx, input }) => decideRequest(ctx.core, here(ctx, input))),
  grants: router({
    list: authed.input(ListGrants.prefault({})).query(({ ctx, input }) => listGrants(ctx.core, input)),
    revoke: authed.input(ById).mutation(({ ctx, input }) => revokeGrant(ctx.core, input)),
  }),
  /** Programs that sign in with client credentials. */
  machines: router({
    list: authed.input(ListGrants.prefault({})).query(({ ctx, input }) => listMachines(ctx.core, input)),
    create: authed
      .input(CreateMachine)
      .mutation(({ ctx, input }) => createMachine(ctx.core, { ...input, ownUrl: ctx.ownUrl })),
    remove: authed.input(ById).mutation(({ ctx, input }) => removeMachine(ctx.core, input)),
  }),
});
