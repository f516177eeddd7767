import { reasonOf, type Reason } from '@switchboard/mcp-runtime/reasons';
import type { SignInFailure } from '@switchboard/mcp-runtime/types';
import { DomainError, type DomainErrorCode } from '../errors.ts';
import { say } from '../reasons.ts';

/** What kind of failure an attempt ended with; null where it is none of an attempt. */
export function failureOf(error: unknown): SignInFailure | null {
  return error instanceof Error && error.name === 'SignInError' && 'failure' in error
    ? (error.failure as SignInFailure)
    : null;
}

/** Why something failed, as it is kept for the person who tried. */
export function reasonIn(error: unknown): Reason {
  return reasonOf(error) ?? say('signInBroke');
}

const codes: Readonly<Record<SignInFailure, DomainErrorCode>> = {
  unreachable: 'unavailable',
  ended: 'conflict',
  client: 'precondition',
  'unknown-client': 'conflict',
  refused: 'conflict',
  untrusted: 'conflict',
};

/** The same error as the domain tells it. */
export function asDomainError(error: unknown): unknown {
  const failure = failureOf(error);
  return failure === null ? error : new DomainError(codes[failure], reasonIn(error), undefined, { cause: error });
}
