import * as core from '@switchboard/core/account';
import * as schema from '@switchboard/core/account/schema';
import { authed, confirmed, router } from '../trpc.ts';

export const account = router({
  get: authed.query(({ ctx }) => core.getAccount(ctx.core, {})),
  update: authed.input(schema.UpdateAccount).mutation(({ ctx, input }) => core.updateAccount(ctx.core, input)),
  changePassword: confirmed
    .input(schema.ChangePassword)
    .mutation(({ ctx, input }) => core.changePassword(ctx.core, input)),
  sessions: authed.query(({ ctx }) => core.listSessions(ctx.core, {})),
  endSession: authed.input(schema.EndSession).mutation(({ ctx, input }) => core.endSession(ctx.core, input)),
  endOtherSessions: authed.mutation(({ ctx }) => core.endOtherSessions(ctx.core, {})),
  enrolTotp: confirmed.input(schema.EnrolTotp).mutation(({ ctx, input }) => core.enrolTotp(ctx.core, input)),
  confirmTotp: confirmed.input(schema.ConfirmTotp).mutation(({ ctx, input }) => core.confirmTotp(ctx.core, input)),
  removeTotp: confirmed.input(schema.RemoveTotp).mutation(({ ctx, input }) => core.removeTotp(ctx.core, input)),
  renewRecoveryCodes: confirmed
    .input(schema.RenewRecoveryCodes)
    .mutation(({ ctx, input }) => core.renewRecoveryCodes(ctx.core, input)),
});
