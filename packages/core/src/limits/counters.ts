import { setBounded } from '@switchboard/basics';
import type { LimitState } from './schema.ts';
import { take, type WindowCount } from './window.ts';

export const minuteMs = 60_000;

/** The counts of this process in a bucket's current minute, for the other replicas. */
export interface Share {
  bucket: string;
  minute: number;
  count: number;
}

/** One-minute counters by bucket, in memory and bounded: beyond the bound the longest unused goes. */
export interface Counters {
  take(bucket: string, limit: number): LimitState;
  /** The new counts since the last call. */
  drain(): Share[];
  /** The totals of all replicas in a minute. */
  learn(totals: readonly Share[]): void;
}

interface Bucket extends WindowCount {
  /** Told to the others already. */
  told: number;
  /** Counted by the others, as far as known. */
  elsewhere: number;
}

export function createCounters(now: () => number, mostBuckets = 50_000): Counters {
  const buckets = new Map<string, Bucket>();
  const changed = new Set<string>();
  return {
    take(name, limit) {
      const at = now();
      const known = buckets.get(name);
      const minute = Math.floor(at / minuteMs);
      const before = known?.window === minute ? known : { window: minute, count: 0, told: 0, elsewhere: 0 };
      const { counted, state } = take(before, { limit, now: at, windowMs: minuteMs, elsewhere: before.elsewhere });
      const evicted = setBounded(buckets, name, { ...before, ...counted }, mostBuckets);
      if (state.allowed) changed.add(name);
      if (evicted !== undefined) changed.delete(evicted[0]);
      return state;
    },
    drain() {
      const shares: Share[] = [];
      for (const name of changed) {
        const bucket = buckets.get(name);
        if (!bucket || bucket.count === bucket.told) continue;
        shares.push({ bucket: name, minute: bucket.window, count: bucket.count - bucket.told });
        bucket.told = bucket.count;
      }
      changed.clear();
      return shares;
    },
    learn(totals) {
      for (const { bucket: name, minute, count } of totals) {
        const bucket = buckets.get(name);
        if (bucket?.window === minute) bucket.elsewhere = Math.max(0, count - bucket.told);
      }
    },
  };
}
