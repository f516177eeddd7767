/** Requests a minute that the documented API allows where no setting says otherwise. */
export const requestLimits = { anonymous: 100, user: 1_000, admin: 5_000 } as const;

/** How much of a limit is left in the current minute. */
export interface LimitState {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** Epoch seconds at which the count starts again. */
  resetAt: number;
  /** Seconds to wait; 0 where allowed. */
  retryAfterSeconds: number;
}
