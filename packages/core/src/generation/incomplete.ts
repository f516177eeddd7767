import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import type { Drafted } from './schema.ts';

/** The refusal of an unfinished draft. */
export function incomplete({ missing }: Drafted): DomainError {
  return new DomainError('precondition', say('generationIncomplete', { fields: missing.join(', ') }));
}
