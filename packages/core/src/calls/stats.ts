import type { CallRecord } from '@switchboard/mcp-runtime/types';
import type { ServerCalls } from '../servers/schema.ts';

/** Calls of the last hour, minute by minute, from memory. */
export interface CallStats {
  record(call: CallRecord): void;
  server(serverId: string): ServerCalls;
  /** Of all calls, or of those at the servers of these ids. */
  summary(among?: ReadonlySet<string>): {
    perMinute: number;
    avgMs: number | null;
    p50Ms: number | null;
    errorRate: number;
  };
  forget(serverId: string): void;
}

interface Minute {
  minute: number;
  count: number;
  errors: number;
  totalMs: number;
}

const minutesKept = 60;
const sampleSize = 512;

const isFailure = (call: CallRecord): boolean => call.outcome === 'error' || call.outcome === 'timeout';

/** Bounded: 60 minutes a server, the last 512 durations for the median. */
export const createCallStats = (now: () => number): CallStats => {
  const total: Minute[] = [];
  const servers = new Map<string, { minutes: Minute[]; lastAt: number }>();
  const durations: Pick<CallRecord, 'serverId' | 'durationMs'>[] = [];
  let cursor = 0;

  const recent = (minutes: Minute[], span: number): Minute[] => {
    const oldest = Math.floor(now() / 60_000) - span;
    return minutes.filter((minute) => minute.minute > oldest);
  };

  return {
    record(call) {
      const minute = Math.floor((call.startedAt + call.durationMs) / 60_000);
      add(total, minute, call);
      durations[cursor] = { serverId: call.serverId, durationMs: call.durationMs };
      cursor = (cursor + 1) % sampleSize;
      if (call.serverId === null) return;
      let server = servers.get(call.serverId);
      if (!server) servers.set(call.serverId, (server = { minutes: [], lastAt: 0 }));
      add(server.minutes, minute, call);
      server.lastAt = Math.max(server.lastAt, call.startedAt);
    },
    server(serverId) {
      const server = servers.get(serverId);
      const sum = addUp(recent(server?.minutes ?? [], minutesKept));
      return {
        count: sum.count,
        errors: sum.errors,
        avgMs: sum.count === 0 ? null : sum.totalMs / sum.count,
        lastAt: server?.lastAt ?? null,
      };
    },
    summary(among) {
      const counted = among ? [...among].flatMap((id) => servers.get(id)?.minutes ?? []) : total;
      const fiveMinutes = recent(counted, 5);
      const sum = addUp(fiveMinutes);
      const span = Math.min(5, Math.max(1, new Set(fiveMinutes.map(({ minute }) => minute)).size));
      const sorted = durations
        .filter(({ serverId }) => !among || (serverId !== null && among.has(serverId)))
        .map(({ durationMs }) => durationMs)
        .sort((a, b) => a - b);
      return {
        perMinute: sum.count / span,
        avgMs: sum.count === 0 ? null : sum.totalMs / sum.count,
        p50Ms: sorted[Math.floor(sorted.length / 2)] ?? null,
        errorRate: sum.count === 0 ? 0 : sum.errors / sum.count,
      };
    },
    forget: (serverId) => void servers.delete(serverId),
  };
};

const add = (minutes: Minute[], minute: number, call: CallRecord): void => {
  let last = minutes.at(-1);
  if (!last || last.minute < minute) {
    last = { minute, count: 0, errors: 0, totalMs: 0 };
    minutes.push(last);
    if (minutes.length > minutesKept) minutes.shift();
  }
  last.count += 1;
  last.totalMs += call.durationMs;
  if (isFailure(call)) last.errors += 1;
};

const addUp = (minutes: Minute[]): { count: number; errors: number; totalMs: number } => {
  const sum = { count: 0, errors: 0, totalMs: 0 };
  for (const minute of minutes) {
    sum.count += minute.count;
    sum.errors += minute.errors;
    sum.totalMs += minute.totalMs;
  }
  return sum;
};
