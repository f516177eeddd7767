import { z } from 'zod';
import { logLevels, logSources } from '@switchboard/core/logs/schema';
import { rangeOf, timeSearch } from '../../lib/time-range.ts';

export const logSpans = ['15m', '1h', '24h', 'yesterday', '7d', 'own'] as const;

// A written address may hold digits only, which are read as a number.
const word = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined);

/** What the address of the log may carry. */
export const LogSearch = z.object({
  q: word,
  level: z.enum(logLevels).optional().catch(undefined),
  source: z.enum(logSources).optional().catch(undefined),
  server: word,
  request: word,
  trace: word,
  ...timeSearch(logSpans),
});
export type LogSearch = z.infer<typeof LogSearch>;

/** What is asked of the hub; `now` in epoch milliseconds. */
export function toFilter(search: LogSearch, now: number) {
  const { q, level, source, server, request, trace } = search;
  return {
    ...(q === undefined ? {} : { search: q }),
    ...(level === undefined ? {} : { level }),
    ...(source === undefined ? {} : { source: [source] }),
    ...(server === undefined ? {} : { server }),
    ...(request === undefined ? {} : { requestId: request }),
    ...(trace === undefined ? {} : { traceId: trace }),
    ...rangeOf(search, now),
  };
}
