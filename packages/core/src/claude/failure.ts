import type { ProviderError, ProviderErrorCode } from '@switchboard/agents';
import { DomainError, type DomainErrorCode } from '../errors.ts';
import { said, say } from '../reasons.ts';

/** What is not here, the provider refuses as it is, and asking again changes nothing. */
const passing: Partial<Record<ProviderErrorCode, DomainErrorCode>> = {
  rate_limited: 'limit_exceeded',
  overloaded: 'unavailable',
  unavailable: 'unavailable',
  timeout: 'timeout',
};

function isProviderError(error: unknown): error is ProviderError {
  return error instanceof Error && error.name === 'ProviderError';
}

/**
 * What is told of a turn that failed; `details.provider` is the code of the provider's answer. Anything else than a
 * provider's failure stays what it is.
 */
export function failureOf(error: unknown): unknown {
  if (!isProviderError(error)) return error;
  const { code, message, retryAfterMs } = error;
  if (code === 'aborted') return new DomainError('timeout', say('requestEnded'), undefined, { cause: error });
  const details = { provider: code, ...(retryAfterMs !== null && { retryAfterSeconds: retryAfterMs / 1_000 }) };
  return new DomainError(passing[code] ?? 'internal', said(message), details, { cause: error });
}
