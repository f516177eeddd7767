import type { tables } from '@switchboard/db';
import { mapReason, type Reason } from '@switchboard/mcp-runtime/reasons';
import { storable } from '../storable.ts';
import type { AuditEntry } from './schema.ts';

/** A registry may answer with any text. */
const longestReason = 2_000;

/** Why something was refused or failed, as details of its entry. */
export function whyDetails(reason: Reason): { reason: string; why: Reason } {
  const why = mapReason(reason, (text) => storable(text, longestReason));
  return { reason: why.text, why };
}

/** The failure as an entry shows it: code and parameters apart from the other details. */
export function describeFailure({
  outcome,
  details,
}: Pick<typeof tables.audit.$inferSelect, 'outcome' | 'details'>): Pick<
  AuditEntry,
  'error' | 'errorReason' | 'details'
> {
  const isFailed = outcome === 'refused' || outcome === 'error';
  if (!isFailed || typeof details !== 'object' || details === null) return { error: null, errorReason: null, details };
  const { why = null, ...rest }: { reason?: unknown; why?: Reason | null } = details;
  return { error: typeof rest.reason === 'string' ? rest.reason : null, errorReason: why, details: rest };
}
