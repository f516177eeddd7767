import type { ProviderError, ProviderErrorCode } from '@switchboard/agents';
import { DomainError, type DomainErrorCode } from '../errors.ts';
import { said, say } from '../reasons.ts';

/** The codes of the domain for failures of a provider. */
const domainCodes: Readonly<Record<ProviderErrorCode, DomainErrorCode>> = {
  // The key belongs to the hub: the caller cannot correct it.
  unauthorized: 'unavailable',
  rate_limited: 'limit_exceeded',
  overloaded: 'unavailable',
  context_too_long: 'invalid',
  bad_request: 'invalid',
  unavailable: 'unavailable',
  timeout: 'timeout',
  protocol: 'unavailable',
  aborted: 'timeout',
};

/** By name: the core knows the class as a type alone. */
export function isProviderError(error: unknown): error is ProviderError {
  return error instanceof Error && error.name === 'ProviderError';
}

/**
 * Converts a failure of a provider into an error of the domain; other errors are returned as they are. Secrets were
 * removed from its text before.
 */
export function fromProvider(error: unknown): unknown {
  if (!isProviderError(error)) return error;
  const { code, message, retryAfterMs } = error;
  const why = code === 'aborted' ? say('requestEnded') : said(message);
  const wait = retryAfterMs === null ? {} : { retryAfterSeconds: Math.ceil(retryAfterMs / 1000) };
  return new DomainError(domainCodes[code], why, { provider: code, ...wait }, { cause: error });
}
