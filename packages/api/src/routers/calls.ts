import { z } from 'zod';
import { getCall, listCallers, listCalls } from '@switchboard/core/calls';
import { ListCallers, ListCalls } from '@switchboard/core/calls/schema';
import { authed, router } from '../trpc.ts';

const when = z.coerce.date().optional();
const ListInput = ListCalls.extend({ since: when, until: when });

export const calls = router({
  list: authed.input(ListInput.prefault({})).query(({ ctx, input }) => listCalls(ctx.core, input)),
  /** People and keys to choose from: all for who may read everybody's calls, else oneself and one's keys. */
  callers: authed.input(ListCallers.prefault({})).query(({ ctx, input }) => listCallers(ctx.core, input)),
  get: authed.input(z.object({ id: z.string() })).query(({ ctx, input }) => getCall(ctx.core, input)),
});
