import { z } from 'zod';
import { listLog } from '@switchboard/core/logs';
import { ListLog } from '@switchboard/core/logs/schema';
import { followLog } from '../follow-log.ts';
import { authed, router, until } from '../trpc.ts';

const when = z.coerce.date().optional();
const ListInput = ListLog.extend({ since: when, until: when });

export const logs = router({
  list: authed.input(ListInput.prefault({})).query(({ ctx, input }) => listLog(ctx.core, input)),
  follow: authed
    .input(ListInput.omit({ cursor: true }).prefault({}))
    .subscription(({ ctx, input, signal }) => followLog(until(ctx, signal), input)),
});
