import { z } from 'zod';
import { getAudit, getRetention, listAudit, setRetention } from '@switchboard/core/audit';
import { GetAudit, ListAudit, SetRetention } from '@switchboard/core/audit/schema';
import { authed, router } from '../trpc.ts';

const when = z.coerce.date().optional();
const ListInput = ListAudit.extend({ since: when, until: when });

/** Its export is a file: GET /api/audit/logs?format=csv or jsonl. */
export const audit = router({
  list: authed.input(ListInput.prefault({})).query(({ ctx, input }) => listAudit(ctx.core, input)),
  get: authed.input(GetAudit).query(({ ctx, input }) => getAudit(ctx.core, input)),
  retention: authed.query(({ ctx }) => getRetention(ctx.core, {})),
  setRetention: authed.input(SetRetention).mutation(({ ctx, input }) => setRetention(ctx.core, input)),
});
