import { fillSlots, getSlots, listSlots } from '@switchboard/core/slots';
import { BySlotServer, FillSlots } from '@switchboard/core/slots/schema';
import { authed, router } from '../trpc.ts';

export const slots = router({
  list: authed.query(({ ctx }) => listSlots(ctx.core, {})),
  get: authed.input(BySlotServer).query(({ ctx, input }) => getSlots(ctx.core, input)),
  fill: authed.input(FillSlots).mutation(({ ctx, input }) => fillSlots(ctx.core, input)),
});
