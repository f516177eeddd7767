import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';

export function absentRun(id: string): DomainError {
  return new DomainError('not_found', say('noRun', { id }), { value: id });
}
