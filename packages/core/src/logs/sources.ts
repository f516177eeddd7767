import { setImmediate as turn } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { Action } from '../access/actions.ts';
import { may } from '../access/require.ts';
import { questionOf, readTrail, type Position as TrailPlace } from '../audit/trail.ts';
import { readCalls } from '../calls/queries.ts';
import type { Ctx } from '../context.ts';
import { serverResource } from '../servers/queries.ts';
import type { CallSpan, Match } from './match.ts';
import { isBefore, newerByKey, type LogPosition, type PositionedRecord } from './position.ts';
import { failedOutcomes, type LogFilter, type LogSource } from './schema.ts';
import { ofAudit, ofCall, ofHub, ofServer } from './visible-records.ts';

/** A query to a source. */
export interface Question {
  filter: LogFilter;
  match: Match;
  /** Only what comes after it. */
  place: LogPosition | null;
  /** Most records that are given. */
  limit: number;
}

/** The records of a source, newest first. */
export interface FoundRecords {
  placed: PositionedRecord[];
  /** All that match, where they were counted. */
  total: number;
  /** The position of a search that has not read everything. */
  end?: LogPosition;
}

/** Gives what one source has for a question, as far as the context may read it. */
type Source = (ctx: Ctx, question: Question) => Promise<FoundRecords>;

function placeInTrail(place: LogPosition | null): TrailPlace | null {
  if (place === null) return null;
  const at = new Date(place.at);
  // Other sources come after the trail within a moment.
  return place.source === 'audit' ? { at, kind: 'change', id: place.key } : { at, kind: 'call', id: '' };
}

const outcomesFrom: Partial<Record<NonNullable<LogFilter['level']>, ('refused' | 'error')[]>> = {
  warn: ['refused', 'error'],
  error: ['error'],
};

async function fromAudit(ctx: Ctx, { filter, place, limit }: Question): Promise<FoundRecords> {
  const { server, level, search, requestId, traceId, since, until } = filter;
  const outcome = level && outcomesFrom[level];
  const question = await questionOf(ctx, {
    kind: 'change',
    ...(outcome && { outcome }),
    ...(server !== undefined && { target: server, action: ['server.*', 'secret.*'] }),
    ...(search !== undefined && { search }),
    ...(requestId !== undefined && { requestId }),
    ...(traceId !== undefined && { traceId }),
    ...(since && { since }),
    ...(until && { until }),
  });
  const { entries, end } = await readTrail(ctx, question, placeInTrail(place), limit);
  const placed = entries.map((entry) => ({
    place: { at: entry.at.getTime(), source: 'audit', key: entry.id } as const,
    record: ofAudit(entry),
  }));
  return {
    placed,
    total: placed.length,
    ...(end && { end: { at: end.at.getTime(), source: 'audit', key: end.id } }),
  };
}

/** Cursor of the history of calls. */
function placeInCalls(place: LogPosition): string {
  if (place.source === 'calls') return `${place.at}_${place.key}`;
  return isBefore(place, 'calls') ? `${place.at + 1}_` : `${place.at}_`;
}

async function fromCalls(ctx: Ctx, { filter, place, limit }: Question): Promise<FoundRecords> {
  const { server, level, search, requestId, traceId, since, until } = filter;
  const { items, nextCursor, searchedTo } = await readCalls(ctx, {
    outcome: level === 'error' ? ['error', 'timeout'] : [...failedOutcomes],
    limit,
    ...(server !== undefined && { serverId: server }),
    ...(search !== undefined && { search }),
    ...(requestId !== undefined && { requestId }),
    ...(traceId !== undefined && { traceId }),
    ...(since && { since }),
    ...(until && { until }),
    ...(place && { cursor: placeInCalls(place) }),
  });
  const placed = items.map((call) => ({
    place: { at: call.startedAt, source: 'calls', key: call.id } as const,
    record: ofCall(call),
  }));
  const key = nextCursor?.slice(nextCursor.indexOf('_') + 1) ?? '';
  return {
    placed,
    total: placed.length,
    ...(searchedTo !== null && { end: { at: searchedTo, source: 'calls', key } }),
  };
}

/** How long memory is searched before others have their turn. */
const sliceMs = 10;
/** Numbers of lines have so many digits, so that as text they have their own order. */
const digits = 15;

/** Collects what matches, of which only the newest are kept. */
function createCollector({ match, place, limit }: Question) {
  let placed: PositionedRecord[] = [];
  let total = 0;
  let sliceEnds = performance.now() + sliceMs;
  function cut() {
    placed = placed.toSorted((a, b) => newerByKey(a.place, b.place)).slice(0, limit);
  }
  return {
    add(one: PositionedRecord) {
      if (place && newerByKey(place, one.place) >= 0) return;
      if (!match(one.record)) return;
      total += 1;
      placed.push(one);
      if (placed.length >= limit * 4) cut();
    },
    async rest(signal: AbortSignal) {
      if (performance.now() < sliceEnds) return;
      await turn(undefined, { signal });
      sliceEnds = performance.now() + sliceMs;
    },
    found(): FoundRecords {
      cut();
      return { placed, total };
    },
  };
}

const restEvery = 200;

async function readableServers(ctx: Ctx, id: string | undefined): Promise<string[]> {
  const { servers } = tables;
  const rows = await ctx.db
    .select({ id: servers.id, createdBy: servers.createdBy, visibility: servers.visibility })
    .from(servers)
    .where(id === undefined ? undefined : eq(servers.id, id));
  return rows.filter((row) => may(ctx, 'server.logs', serverResource(row))).map((row) => row.id);
}

async function fromServers(ctx: Ctx, question: Question): Promise<FoundRecords> {
  const collector = createCollector(question);
  for (const id of await readableServers(ctx, question.filter.server)) {
    for (const [index, line] of ctx.hub.runtime.logs(id).entries()) {
      const key = `${id}:${String(line.seq).padStart(digits, '0')}`;
      collector.add({ place: { at: line.time, source: 'server', key }, record: ofServer(line) });
      if (index % restEvery === 0) await collector.rest(ctx.signal);
    }
  }
  return collector.found();
}

async function fromHub(ctx: Ctx, question: Question): Promise<FoundRecords> {
  const collector = createCollector(question);
  for (const [index, line] of ctx.logs.hub.lines().entries()) {
    collector.add({ place: { at: line.time, source: 'hub', key: line.id }, record: ofHub(line) });
    if (index % restEvery === 0) await collector.rest(ctx.signal);
  }
  return collector.found();
}

/** The origin of each kind of record, and the right that any of its records takes. */
export const sources: Readonly<Record<LogSource, { needs: Action; read: Source }>> = {
  audit: { needs: 'audit.read', read: fromAudit },
  calls: { needs: 'call.read', read: fromCalls },
  server: { needs: 'server.logs', read: fromServers },
  hub: { needs: 'log.read', read: fromHub },
};

/** A server may write of a call a little before and after it. */
const aroundMs = 1_000;
const mostCalls = 100;

/** When the servers that a request or trace called may have written of it, by the calls that the context may read. */
export async function spansOf(ctx: Ctx, { requestId, traceId, since, until }: LogFilter): Promise<CallSpan[]> {
  if ((requestId === undefined && traceId === undefined) || !may(ctx, 'call.read')) return [];
  const { items } = await readCalls(ctx, {
    ...(requestId !== undefined && { requestId }),
    ...(traceId !== undefined && { traceId }),
    limit: mostCalls,
    ...(since && { since: new Date(since.getTime() - aroundMs) }),
    ...(until && { until }),
  });
  return items.flatMap(({ serverId, startedAt, durationMs }) =>
    serverId === null
      ? []
      : [{ serverId, from: startedAt - aroundMs, to: Math.ceil(startedAt + durationMs) + aroundMs }],
  );
}
