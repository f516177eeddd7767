import type { ProviderError, ProviderErrorCode } from '@switchboard/agents';
import { DomainError, type DomainErrorCode } from '../errors.ts';
import { said, say } from '../reasons.ts';

/** What the failures of a provider are to whoever asked for a turn. */
const domainCodes: Readonly<Record<ProviderErrorCode, DomainErrorCode>> = {
  // The key is the hub's: whoever asked cannot help it.
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

/** What a provider's failure is in the domain; anything else stays what it is. Secrets are out of its text already. */
export function fromProvider(error: unknown): unknown {
  if (!isProviderError(error)) return error;
  const { code, message, retryAfterMs } = error;
  const why = code === 'aborted' ? say('requestEnded') : said(message);
  const wait = retryAfterMs === null ? {} : { retryAfterSeconds: Math.ceil(retryAfterMs / 1000) };
  return new DomainError(domainCodes[code], why, { provider: code, ...wait }, { cause: error });
}
