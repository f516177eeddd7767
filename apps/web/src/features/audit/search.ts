import { z } from 'zod';
import { auditKinds, auditOutcomes } from '@switchboard/core/audit/schema';
import { rangeOf, timeSearch } from '../../lib/time-range.ts';

export const auditSpans = ['1h', '24h', 'yesterday', '7d', '30d', 'own'] as const;

// A written address may hold digits only, which are read as a number.
const word = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined);

/** What the address of the audit log may carry. */
export const AuditSearch = z.object({
  q: word,
  kind: z.enum(auditKinds).optional().catch(undefined),
  user: word,
  action: word,
  target: word,
  key: word,
  address: word,
  request: word,
  outcome: z.enum(auditOutcomes).optional().catch(undefined),
  ...timeSearch(auditSpans),
  entry: word,
});
export type AuditSearch = z.infer<typeof AuditSearch>;

/** What is asked of the hub; `now` in steps, so that the question stays the same for a while. */
export function toFilter(search: AuditSearch, now: number) {
  const { q, kind, user, action, target, key, address, request, outcome } = search;
  return {
    ...(q === undefined ? {} : { search: q }),
    ...(kind === undefined ? {} : { kind }),
    ...(user === undefined ? {} : { user }),
    ...(action === undefined ? {} : { action: [action] }),
    ...(target === undefined ? {} : { target }),
    ...(key === undefined ? {} : { key }),
    ...(address === undefined ? {} : { address }),
    ...(request === undefined ? {} : { requestId: request }),
    ...(outcome === undefined ? {} : { outcome: [outcome] }),
    ...rangeOf(search, now),
  };
}

/** The address of the same rows as a file. */
export function exportUrl(search: AuditSearch, now: number, format: 'csv' | 'jsonl'): string {
  const query = new URLSearchParams({ format });
  for (const [key, value] of Object.entries(toFilter(search, now))) query.set(key, [value].flat().join(','));
  return `/api/audit/logs?${query.toString()}`;
}
