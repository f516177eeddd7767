import type { CallRecord } from '@switchboard/mcp-runtime/types';
import type { CallFigures } from '../monitoring/schema.ts';
import type { ServerCalls } from '../servers/schema.ts';
import { createRing, type CallCounts, type SlidingWindow, type RingStep } from './sliding-window.ts';

/** Figures of the calls that ended lately, from memory. */
export interface CallStats {
  record(call: CallRecord): void;
  /** Puts in calls that ended before this process began to count. */
  restore(counts: readonly RestoredCalls[]): void;
  /** Of the last hour. */
  server(serverId: string): ServerCalls;
  /** Of all calls, or of those at the servers of these ids. */
  figures(among?: ReadonlySet<string>): CallFigures;
  /** Of the last minutes; of all calls, or of those at the servers of these ids. */
  lately(among?: ReadonlySet<string>): CallCounts & { minutes: number; avgMs: number | null };
  forget(serverId: string): void;
}

/** Calls of one server that ended within one step of a window. */
export interface RestoredCalls extends CallCounts {
  window: 'recent' | 'hour';
  serverId: string | null;
  /** Epoch milliseconds, anywhere within the step. */
  endedAt: number;
  /** Epoch milliseconds of the latest start. */
  lastAt: number;
  /** Durations of some of them, in milliseconds. */
  durations: readonly number[];
}

/**
 * The two windows. Each is counted in steps, the one that is running included: the window begins at most one step
 * later than its name says, and divides by its whole length.
 */
export const callWindows = {
  recent: { stepMs: 1_000, steps: 300 },
  hour: { stepMs: 10_000, steps: 360 },
} as const;

const recentMinutes = (callWindows.recent.stepMs * callWindows.recent.steps) / 60_000;
/** Durations kept of one server and second, for percentiles: exact up to so many calls a second, a sample beyond. */
export const durationsKept = 32;
/** The most durations that one answer sorts. */
const mostSorted = 20_000;

interface Tally {
  recent: SlidingWindow;
  hour: SlidingWindow;
  lastAt: number;
}

function createTally(): Tally {
  return {
    recent: createRing(callWindows.recent, durationsKept),
    hour: createRing(callWindows.hour, 0),
    lastAt: 0,
  };
}

function countsOf({ method, outcome, durationMs }: CallRecord): CallCounts {
  return {
    count: 1,
    toolCalls: method === 'tools/call' ? 1 : 0,
    errors: outcome === 'error' || outcome === 'timeout' ? 1 : 0,
    toolErrors: outcome === 'tool_error' ? 1 : 0,
    totalMs: durationMs,
  };
}

/** Bounded: two rings of steps for each server that was called, and two for all calls together. */
export function createCallStats(now: () => number): CallStats {
  const total = createTally();
  const servers = new Map<string, Tally>();

  function talliesOf(serverId: string | null): Tally[] {
    if (serverId === null) return [total];
    let tally = servers.get(serverId);
    if (!tally) servers.set(serverId, (tally = createTally()));
    return [total, tally];
  }

  function talliesAmong(among: ReadonlySet<string> | undefined): Tally[] {
    return among ? [...among].flatMap((id) => servers.get(id) ?? []) : [total];
  }

  return {
    record(call) {
      const at = now();
      // The clock may have been set back during the call: it ended now at the latest.
      const endedAt = Math.min(call.startedAt + call.durationMs, at);
      const counts = countsOf(call);
      for (const tally of talliesOf(call.serverId)) {
        tally.recent.add(at, endedAt, counts, [call.durationMs]);
        tally.hour.add(at, endedAt, counts, []);
        tally.lastAt = Math.max(tally.lastAt, call.startedAt);
      }
    },
    restore(all) {
      const at = now();
      for (const { window, serverId, endedAt, lastAt, durations, ...counts } of all) {
        for (const tally of talliesOf(serverId)) {
          tally[window].add(at, Math.min(endedAt, at), counts, durations);
          tally.lastAt = Math.max(tally.lastAt, lastAt);
        }
      }
    },
    server(serverId) {
      const tally = servers.get(serverId);
      const { count, errors, toolErrors, totalMs } = addUp(tally?.hour.within(now()) ?? []);
      return { count, errors, toolErrors, avgMs: count === 0 ? null : totalMs / count, lastAt: tally?.lastAt ?? null };
    },
    lately(among) {
      const counts = addUp(talliesAmong(among).flatMap((tally) => tally.recent.within(now())));
      return { ...counts, minutes: recentMinutes, avgMs: counts.count === 0 ? null : counts.totalMs / counts.count };
    },
    figures(among) {
      const at = now();
      const tallies = talliesAmong(among);
      const recent = tallies.flatMap((tally) => tally.recent.within(at));
      const { count, totalMs } = addUp(recent);
      const hour = addUp(tallies.flatMap((tally) => tally.hour.within(at)));
      const [p50Ms, p95Ms] = percentilesOf(recent, [0.5, 0.95]);
      return {
        recent: {
          count,
          perMinute: count / recentMinutes,
          avgMs: count === 0 ? null : totalMs / count,
          p50Ms: p50Ms ?? null,
          p95Ms: p95Ms ?? null,
        },
        hour: {
          count: hour.count,
          errors: hour.errors,
          toolErrors: hour.toolErrors,
          errorRate: hour.count === 0 ? 0 : hour.errors / hour.count,
          toolErrorRate: hour.count === 0 ? 0 : hour.toolErrors / hour.count,
        },
      };
    },
    forget: (serverId) => void servers.delete(serverId),
  };
}

function addUp(steps: readonly RingStep[]): CallCounts {
  const sum = { count: 0, toolCalls: 0, errors: 0, toolErrors: 0, totalMs: 0 };
  for (const step of steps) {
    sum.count += step.count;
    sum.toolCalls += step.toolCalls;
    sum.errors += step.errors;
    sum.toolErrors += step.toolErrors;
    sum.totalMs += step.totalMs;
  }
  return sum;
}

/** Nearest rank; each duration is weighted with its share of the calls of its step. */
function percentilesOf(steps: readonly RingStep[], ranks: readonly number[]): number[] {
  const kept = steps.reduce((sum, { durations }) => sum + durations.length, 0);
  const stride = Math.max(1, Math.ceil(kept / mostSorted));
  const samples: { ms: number; weight: number }[] = [];
  let index = 0;
  let weights = 0;
  for (const { durations, count } of steps) {
    for (const ms of durations) {
      index += 1;
      if (index % stride !== 0) continue;
      const weight = count / durations.length;
      samples.push({ ms, weight });
      weights += weight;
    }
  }
  samples.sort((a, b) => a.ms - b.ms);
  return ranks.flatMap((rank) => {
    let reached = 0;
    // Sums of shares are not exact: a hair less than the rank is the rank.
    const found = samples.find(({ weight }) => (reached += weight) >= rank * weights - 1e-6);
    return found?.ms ?? samples.at(-1)?.ms ?? [];
  });
}
