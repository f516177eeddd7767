import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import type { ServerRow } from './rows.ts';

type Reviewable = Pick<ServerRow, 'kind' | 'reviewed'>;

/** Whether it is a generated tool of which nothing may run. */
export function isUnreviewed({ kind, reviewed }: Reviewable): boolean {
  return kind === 'generated' && reviewed === null;
}

/** Refuses to turn on what a model wrote and nobody reviewed. */
export function requireReviewed(row: Reviewable & Pick<ServerRow, 'id'>): void {
  if (isUnreviewed(row)) throw new DomainError('precondition', say('notReviewed'), { value: row.id });
}
