import { explain, explainUser, listRights } from '@switchboard/core/access';
import { Explain, ExplainUser } from '@switchboard/core/access/schema';
import { authed, router } from '../trpc.ts';

export const access = router({
  /** Everything that can be permitted, and to whom. */
  rights: authed.query(({ ctx }) => listRights(ctx.core, {})),
  /** The rights of a person at one server, with reasons. */
  explain: authed.input(Explain).query(({ ctx, input }) => explain(ctx.core, input)),
  /** The same for every server there is to see. */
  explainUser: authed.input(ExplainUser.prefault({})).query(({ ctx, input }) => explainUser(ctx.core, input)),
});
