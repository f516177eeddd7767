import { getCall, listCalls } from '@switchboard/core';
import { ListCalls } from '@switchboard/core/calls/schema';
import { z } from 'zod';
import { authed, router } from '../trpc.ts';

const when = z.coerce.date().optional();
const ListInput = ListCalls.extend({ since: when, until: when });

export const calls = router({
  list: authed.input(ListInput.prefault({})).query(({ ctx, input }) => listCalls(ctx.core, input)),
  get: authed.input(z.object({ id: z.string() })).query(({ ctx, input }) => getCall(ctx.core, input)),
});
