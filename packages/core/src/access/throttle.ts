import { hash } from 'node:crypto';
import { setBounded } from '@switchboard/basics';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { networkOf } from './network-of.ts';
import { usernameKey } from './usernames.ts';

/** An attempt as the other replicas hear of it; buckets are hashes, for people type passwords where names belong. */
export type AttemptEvent =
  | { type: 'sign-in.failed'; buckets: { name: string; free: number }[] }
  | { type: 'sign-in.passed'; bucket: string };

/** Slows down guessing of passwords: by account, by address, and apart where the account is at home. */
export interface LoginThrottle {
  /**
   * Runs an attempt; its result says whether it was right, or null where nothing was guessed.
   * Until it is known, an attempt counts as one that failed: so many at once are verified as may fail one after the
   * other, and the rest wait. Throws `limit_exceeded` while too many failed lately, or where too many wait.
   * `at`: a place where the account is at home, counted by itself, so that strangers cannot lock its owner out.
   */
  attempt(who: SignInTry, verify: () => Promise<boolean | null>): Promise<boolean | null>;
  /** Counts what another replica saw. */
  learn(event: AttemptEvent): void;
}

export interface SignInTry {
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
/** Attempts that may be under way at once, those that wait included. */
const mostAtOnce = { account: 20, address: 64, hub: 256 };
/** A check takes 19 MB and all that one core gives. */
const mostVerified = 16;
const windowMs = 15 * 60_000;
const longestBlockMs = 15 * 60_000;
const maxBuckets = 10_000;

/** In memory and bounded: at 10,000 entries the oldest is evicted. `tell` reaches the other replicas. */
export function createLoginThrottle(now: () => number, tell: (event: AttemptEvent) => void = () => {}): LoginThrottle {
  const buckets = new Map<string, Bucket>();
  const inside = createTally();
  const verifying = createTally();
  let waiting: (() => void)[] = [];

  function live(key: string): Bucket | undefined {
    const bucket = buckets.get(key);
    if (bucket && now() - bucket.lastAt > windowMs) {
      buckets.delete(key);
      return undefined;
    }
    return bucket;
  }

  function add(key: string, free: number): void {
    const failures = (live(key)?.failures ?? 0) + 1;
    const over = failures - free;
    const blockMs = over < 0 ? 0 : Math.min(longestBlockMs, 1_000 * 2 ** over);
    setBounded(buckets, key, { failures, blockedUntil: now() + blockMs, lastAt: now() }, maxBuckets);
  }

  function learn(event: AttemptEvent): void {
    if (event.type === 'sign-in.passed') buckets.delete(event.bucket);
    else for (const { name, free } of event.buckets) add(name, free);
  }

  function count(event: AttemptEvent): void {
    learn(event);
    tell(event);
  }

  function check(buckets: readonly { name: string }[]): void {
    const waits = buckets.map(({ name }) => (live(name)?.blockedUntil ?? 0) - now());
    const waitMs = Math.max(...waits);
    if (waitMs <= 0) return;
    const seconds = Math.ceil(waitMs / 1_000);
    throw new DomainError('limit_exceeded', say('tooManyFailed', { seconds }), {
      retryAfterSeconds: seconds,
    });
  }

  function hasRoom({ name, free }: CountedBucket): boolean {
    return verifying.of(name) < Math.max(1, free - (live(name)?.failures ?? 0));
  }

  /** Takes a place as soon as one more failure would still be within what is free. */
  async function begin(all: readonly CountedBucket[], names: readonly string[]): Promise<void> {
    check(all);
    while (verifying.of(hub) >= mostVerified || !all.every(hasRoom)) {
      await new Promise<void>((resolve) => waiting.push(resolve));
      check(all);
    }
    verifying.more(names);
  }

  function finished(names: readonly string[]): void {
    verifying.less(names);
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  }

  return {
    async attempt(who, verify) {
      const all = bucketsOf(who);
      check(all);
      const names = [hub, ...all.map(({ name }) => name)];
      if (inside.of(hub) >= mostAtOnce.hub || all.some(({ name, atOnce }) => inside.of(name) >= atOnce)) {
        throw new DomainError('limit_exceeded', say('tooManySignIns'), {
          retryAfterSeconds: 1,
        });
      }
      inside.more(names);
      try {
        await begin(all, names);
        try {
          const matches = await verify();
          if (matches) count({ type: 'sign-in.passed', bucket: all[0].name });
          else if (matches === false)
            count({ type: 'sign-in.failed', buckets: all.map(({ name, free }) => ({ name, free })) });
          return matches;
        } finally {
          finished(names);
        }
      } finally {
        inside.less(names);
      }
    },
    learn,
  };
}

/** Counts what is under way by name; holds nothing of what is over. */
function createTally() {
  const counts = new Map<string, number>();
  return {
    of: (name: string): number => counts.get(name) ?? 0,
    more: (names: readonly string[]): void => {
      for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
    },
    less: (names: readonly string[]): void => {
      for (const name of names) {
        const left = (counts.get(name) ?? 1) - 1;
        if (left === 0) counts.delete(name);
        else counts.set(name, left);
      }
    },
  };
}

/** Every attempt of this process. */
const hub = 'hub';

/** Of the parts as they are: no text that a client chooses makes one bucket look like another. */
function bucketName(parts: readonly string[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64url');
}

type CountedBucket = { name: string; free: number; atOnce: number };

/** The account's own first. */
function bucketsOf({ account, address, at }: SignInTry): [CountedBucket, ...CountedBucket[]] {
  const parts = ['account', usernameKey(account), ...(at === undefined ? [] : [at])];
  const own = { name: bucketName(parts), free: freeAttempts.account, atOnce: mostAtOnce.account };
  if (address === null) return [own];
  const name = bucketName(['address', networkOf(address)]);
  return [own, { name, free: freeAttempts.address, atOnce: mostAtOnce.address }];
}
