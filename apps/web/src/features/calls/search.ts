import { z } from 'zod';
import { callOutcomes } from '@switchboard/core/calls/schema';
import { timeSearch } from '../../lib/time-range.ts';

export const spans = ['15m', '1h', '24h', 'yesterday', '7d', 'own'] as const;

// A written address may hold digits only, which are read as a number.
const word = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined);

/** What the address of the calls page may carry. */
export const CallsSearch = z.object({
  server: word,
  tool: word,
  /** Name of a user. */
  user: word,
  /** Id of an API key. */
  key: word,
  outcome: z.enum(callOutcomes).optional().catch(undefined),
  ...timeSearch(spans),
  /** Id of the request that made it. */
  request: word,
  q: word,
  call: word,
});
export type CallsSearch = z.infer<typeof CallsSearch>;
