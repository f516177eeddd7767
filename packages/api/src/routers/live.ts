import { z } from 'zod';
import { liveEvents } from '../live.ts';
import { authed, router } from '../trpc.ts';

const LiveInput = z.object({
  /** Ids of servers whose log lines are wanted. */
  logs: z.array(z.string()).max(50).default([]),
  /** Whether finished calls are wanted. */
  calls: z.boolean().default(false),
});

export const live = router({
  /** Everything that changes on the page, in one stream per tab. */
  events: authed
    .input(LiveInput.prefault({}))
    .subscription(({ ctx, input, signal }) => liveEvents(ctx.core, input, signal ?? ctx.core.signal)),
});
