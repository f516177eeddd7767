export type ProviderErrorCode =
  /** The key is refused, or lacks the right. */
  | 'unauthorized'
  /** Too many requests or tokens; `retryAfterMs` where the provider says how long to wait. */
  | 'rate_limited'
  /** The provider has too much to do. */
  | 'overloaded'
  /** Messages and answer are longer than the model takes. */
  | 'context_too_long'
  /** The provider refuses the request as it is: unknown model, wrong parameter. */
  | 'bad_request'
  /** The provider cannot be reached, or fails. */
  | 'unavailable'
  /** No answer came in time. */
  | 'timeout'
  /** The answer is none of the format: cut, malformed, too large, another type. */
  | 'protocol'
  /** The caller's signal. */
  | 'aborted';

/** Why a turn failed. The message is for people: it holds no key, and is of bounded length. */
export class ProviderError extends Error {
  override name = 'ProviderError';
  readonly code: ProviderErrorCode;
  /** HTTP status of the answer, where there was one. */
  readonly status: number | null;
  /** How long the provider asks to wait. */
  readonly retryAfterMs: number | null;
  constructor(
    code: ProviderErrorCode,
    message: string,
    options: { status?: number | null; retryAfterMs?: number | null; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.status = options.status ?? null;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
