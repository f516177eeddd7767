import { DomainError } from '../errors.ts';

export function absentRun(id: string): DomainError {
  return new DomainError('not_found', `Run '${id}' does not exist, or ended long ago.`, { value: id });
}
