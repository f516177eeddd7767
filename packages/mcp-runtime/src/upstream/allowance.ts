export interface Allowance {
  /** Whether one more is allowed now. */
  ready(): boolean;
  /** Counts one. */
  spend(): void;
}

/** How often something may happen: `burst` times at once, and so many a second after that. `now` gives milliseconds. */
export function createAllowance(burst: number, perSecond: number, now: () => number): Allowance {
  let left = burst;
  let filledAt = now();
  return {
    ready() {
      const at = now();
      left = Math.min(burst, left + ((at - filledAt) / 1000) * perSecond);
      filledAt = at;
      return left >= 1;
    },
    spend() {
      left -= 1;
    },
  };
}
