import { DomainError } from '../errors.ts';

/** Slows down guessing of passwords, by account and by address. */
export interface LoginThrottle {
  /**
   * Runs an attempt; its result says whether it was right, or null where nothing was guessed.
   * Throws `limit_exceeded` while too many failed lately, or too many for one account run at once.
   */
  attempt(account: string, address: string | null, verify: () => Promise<boolean | null>): Promise<boolean | null>;
}

interface Bucket {
  failures: number;
  /** Until when further attempts are refused. */
  blockedUntil: number;
  lastAt: number;
}

const freeAttempts = { account: 5, address: 20 };
const windowMs = 15 * 60_000;
const longestBlockMs = 15 * 60_000;
const maxBuckets = 10_000;
const mostAtOnce = 20;

/** In memory and bounded: at 10,000 entries the oldest goes. */
export const createLoginThrottle = (now: () => number): LoginThrottle => {
  const buckets = new Map<string, Bucket>();
  const running = new Map<string, number>();

  const live = (key: string): Bucket | undefined => {
    const bucket = buckets.get(key);
    if (bucket && now() - bucket.lastAt > windowMs) {
      buckets.delete(key);
      return undefined;
    }
    return bucket;
  };

  const add = (key: string, free: number): void => {
    const failures = (live(key)?.failures ?? 0) + 1;
    const over = failures - free;
    const blockMs = over < 0 ? 0 : Math.min(longestBlockMs, 1_000 * 2 ** over);
    buckets.delete(key);
    buckets.set(key, { failures, blockedUntil: now() + blockMs, lastAt: now() });
    const oldest = buckets.size > maxBuckets ? buckets.keys().next().value : undefined;
    if (oldest !== undefined) buckets.delete(oldest);
  };

  const check = (account: string, address: string | null): void => {
    const waits = keysOf(account, address).map(([key]) => (live(key)?.blockedUntil ?? 0) - now());
    const waitMs = Math.max(...waits);
    if (waitMs <= 0) return;
    const seconds = Math.ceil(waitMs / 1_000);
    throw new DomainError('limit_exceeded', `Too many failed sign-ins. Try again in ${seconds} seconds.`, {
      retryAfterSeconds: seconds,
    });
  };

  return {
    async attempt(account, address, verify) {
      check(account, address);
      const name = account.toLowerCase();
      const others = running.get(name) ?? 0;
      if (others >= mostAtOnce) {
        throw new DomainError('limit_exceeded', 'Too many sign-ins at once. Try again in a second.', {
          retryAfterSeconds: 1,
        });
      }
      running.set(name, others + 1);
      try {
        const matches = await verify();
        if (matches) buckets.delete(`account:${name}`);
        else if (matches === false) for (const [key, free] of keysOf(account, address)) add(key, free);
        return matches;
      } finally {
        const left = (running.get(name) ?? 1) - 1;
        if (left === 0) running.delete(name);
        else running.set(name, left);
      }
    },
  };
};

const keysOf = (account: string, address: string | null): [key: string, freeAttempts: number][] => {
  const own: [string, number] = [`account:${account.toLowerCase()}`, freeAttempts.account];
  return address === null ? [own] : [own, [`address:${address}`, freeAttempts.address]];
};
