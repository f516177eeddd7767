import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import type { Drafted } from './schema.ts';

/** What is refused of something that is not whole. */
export function incomplete({ missing }: Drafted): DomainError {
  return new DomainError('precondition', say('generationIncomplete', { fields: missing.join(', ') }));
}
