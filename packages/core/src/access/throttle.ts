import { DomainError } from '../errors.ts';

/** Slows down guessing of passwords, by account and by address. */
export interface LoginThrottle {
  /** Throws `limit_exceeded` while too many attempts failed lately. */
  check(account: string, address: string | null): void;
  failed(account: string, address: string | null): void;
  succeeded(account: string): void;
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

/** In memory and bounded: at 10,000 entries the oldest goes. */
export const createLoginThrottle = (now: () => number): LoginThrottle => {
  const buckets = new Map<string, Bucket>();

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

  const keys = (account: string, address: string | null): [string, number][] => {
    const own: [string, number] = [`account:${account.toLowerCase()}`, freeAttempts.account];
    return address === null ? [own] : [own, [`address:${address}`, freeAttempts.address]];
  };

  return {
    check(account, address) {
      const waits = keys(account, address).map(([key]) => (live(key)?.blockedUntil ?? 0) - now());
      const waitMs = Math.max(...waits);
      if (waitMs <= 0) return;
      const seconds = Math.ceil(waitMs / 1_000);
      throw new DomainError('limit_exceeded', `Too many failed sign-ins. Try again in ${seconds} seconds.`, {
        retryAfterSeconds: seconds,
      });
    },
    failed(account, address) {
      for (const [key, free] of keys(account, address)) add(key, free);
    },
    succeeded: (account) => void buckets.delete(`account:${account.toLowerCase()}`),
  };
};
