import { hash } from 'node:crypto';
import { DomainError } from '../errors.ts';

/** An attempt as the other replicas hear of it; buckets are hashes, for people type passwords where names belong. */
export type AttemptEvent =
  | { type: 'sign-in.failed'; buckets: { name: string; free: number }[] }
  | { type: 'sign-in.passed'; bucket: string };

/** Slows down guessing of passwords: by account, by address, and apart where the account is at home. */
export interface LoginThrottle {
  /**
   * Runs an attempt; its result says whether it was right, or null where nothing was guessed.
   * Throws `limit_exceeded` while too many failed lately, or too many for one account run at once.
   * `at`: a place where the account is at home, counted by itself, so that strangers cannot lock its owner out.
   */
  attempt(who: Attempting, verify: () => Promise<boolean | null>): Promise<boolean | null>;
  /** Counts what another replica saw. */
  learn(event: AttemptEvent): void;
}

export interface Attempting {
  account: string;
  address: string | null;
  /** A session of the account, or an address it signed in from before; absent for everybody else. */
  at?: string | undefined;
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

/** In memory and bounded: at 10,000 entries the oldest goes. `tell` reaches the other replicas. */
export const createLoginThrottle = (
  now: () => number,
  tell: (event: AttemptEvent) => void = () => {},
): LoginThrottle => {
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

  const learn = (event: AttemptEvent): void => {
    if (event.type === 'sign-in.passed') buckets.delete(event.bucket);
    else for (const { name, free } of event.buckets) add(name, free);
  };

  const count = (event: AttemptEvent): void => {
    learn(event);
    tell(event);
  };

  const check = (buckets: readonly { name: string }[]): void => {
    const waits = buckets.map(({ name }) => (live(name)?.blockedUntil ?? 0) - now());
    const waitMs = Math.max(...waits);
    if (waitMs <= 0) return;
    const seconds = Math.ceil(waitMs / 1_000);
    throw new DomainError('limit_exceeded', `Too many failed sign-ins. Try again in ${seconds} seconds.`, {
      retryAfterSeconds: seconds,
    });
  };

  return {
    async attempt(who, verify) {
      const [own, ...others] = bucketsOf(who);
      const all = [own, ...others];
      check(all);
      const { name } = own;
      const atOnce = running.get(name) ?? 0;
      if (atOnce >= mostAtOnce) {
        throw new DomainError('limit_exceeded', 'Too many sign-ins at once. Try again in a second.', {
          retryAfterSeconds: 1,
        });
      }
      running.set(name, atOnce + 1);
      try {
        const matches = await verify();
        if (matches) count({ type: 'sign-in.passed', bucket: name });
        else if (matches === false) count({ type: 'sign-in.failed', buckets: all });
        return matches;
      } finally {
        const left = (running.get(name) ?? 1) - 1;
        if (left === 0) running.delete(name);
        else running.set(name, left);
      }
    },
    learn,
  };
};

const bucketName = (text: string): string => hash('sha256', text, 'base64url');

type Counted = { name: string; free: number };

/** The account's own first. */
const bucketsOf = ({ account, address, at }: Attempting): [Counted, ...Counted[]] => {
  const place = at === undefined ? '' : ` at ${at}`;
  const own = { name: bucketName(`account:${account.toLowerCase()}${place}`), free: freeAttempts.account };
  return address === null ? [own] : [own, { name: bucketName(`address:${address}`), free: freeAttempts.address }];
};
