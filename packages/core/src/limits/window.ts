import type { LimitState } from './schema.ts';

/** The counts in one fixed window of a bucket. */
export interface WindowCount {
  /** Number of the window: time divided by its length. */
  window: number;
  count: number;
}

/** Counts one more where the limit leaves room; what is refused is not counted. Pure. */
export function take(
  before: WindowCount | undefined,
  options: { limit: number; now: number; windowMs: number; elsewhere?: number },
): { counted: WindowCount; state: LimitState } {
  const { limit, now, windowMs, elsewhere = 0 } = options;
  const window = Math.floor(now / windowMs);
  const count = before?.window === window ? before.count : 0;
  const allowed = count + elsewhere < limit;
  const counted = { window, count: allowed ? count + 1 : count };
  const endsAt = (window + 1) * windowMs;
  const state: LimitState = {
    allowed,
    limit,
    remaining: Math.max(0, limit - counted.count - elsewhere),
    resetAt: Math.ceil(endsAt / 1_000),
    retryAfterSeconds: allowed ? 0 : Math.max(1, Math.ceil((endsAt - now) / 1_000)),
  };
  return { counted, state };
}
