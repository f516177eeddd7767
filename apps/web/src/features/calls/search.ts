import { callOutcomes } from '@switchboard/core/calls/schema';
import { z } from 'zod';

export const spans = ['15m', '1h', '24h', '7d'] as const;

/** What the address of the calls page may carry. */
export const CallsSearch = z.object({
  server: z.string().optional().catch(undefined),
  tool: z.string().optional().catch(undefined),
  outcome: z.enum(callOutcomes).optional().catch(undefined),
  span: z.enum(spans).optional().catch(undefined),
  q: z.string().optional().catch(undefined),
  call: z.string().optional().catch(undefined),
});
export type CallsSearch = z.infer<typeof CallsSearch>;
