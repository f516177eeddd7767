import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDb, type TestDb } from '@switchboard/db/testing';
import type { CallRecord } from '@switchboard/mcp-runtime/types';
import { pruneHistory } from '../../audit/retention.ts';
import { createCallRecorder } from '../../calls/records.ts';
import { makeRecord, silentLog } from '../../testing.ts';
import { figuresOf } from './figures.ts';
import { createGauges, readGauges, type GaugeName } from './gauges.ts';
import { pruneSeries } from './keep.ts';
import { everything, readBuckets, readValues, type Dimension } from './read.ts';
import { keptFrom, minuteMs, resolutions, type Resolution } from './resolutions.ts';
import { noteChanges, rollUp } from './roll.ts';
import { addCounts, callsOf, percentileOf, slots } from './slots.ts';

const begin = Date.UTC(2026, 5, 10, 9, 58);
const day = 1_440;
let hub: TestDb;

beforeAll(async () => {
  hub = await createTestDb();
});
afterAll(() => hub.close());

async function empty(): Promise<void> {
  await hub.connection.sql.unsafe(`
    set session_replication_role = replica;
    truncate call_records, model_turns, series, series_keys, series_changes, gauge_series;
    delete from settings where key = 'seriesPruned';
    set session_replication_role = default`);
}

let made = 0;

interface Drawn {
  /** Minutes before now. */
  ago: number;
  server: number | null;
  tool: number;
  outcome: CallRecord['outcome'];
  durationMs: number;
  method: string;
  endpoint: string;
  credential: string;
}

function toRecord(drawn: Drawn, now: number): CallRecord {
  const { ago, server, tool, ...rest } = drawn;
  return makeRecord({
    id: `drawn-${(made += 1)}`,
    startedAt: now - ago * minuteMs,
    serverId: server === null ? null : `server-${server}`,
    name: `tool-${tool}`,
    ...rest,
  });
}

async function write(records: readonly CallRecord[]): Promise<void> {
  const recorder = createCallRecorder(hub.db, silentLog);
  for (const record of records) recorder.add(record);
  await recorder.stop();
}

/** Writes records in a transaction that commits when the given work is through. */
async function writeLate(records: readonly CallRecord[], meanwhile: () => Promise<void>): Promise<void> {
  await hub.db.transaction(async (tx) => {
    const recorder = createCallRecorder(tx, silentLog);
    for (const record of records) recorder.add(record);
    await recorder.stop();
    await meanwhile();
  });
}

const valueOf: Record<Exclude<Dimension, 'model'>, (record: CallRecord) => string | null> = {
  all: () => '',
  server: ({ serverId }) => serverId,
  tool: ({ serverId, method, name }) => (serverId !== null && method === 'tools/call' ? `${serverId}/${name}` : null),
  group: ({ endpoint, serverId }) => (endpoint === 'all' || endpoint === serverId ? null : endpoint),
  key: ({ credential }) => (credential.startsWith('key:') ? (credential.split(':')[2] ?? null) : null),
  user: ({ credential }) => (credential === 'local' ? null : (credential.split(':')[1] ?? null)),
};

interface Sums {
  requests: number;
  toolCalls: number;
  errors: number;
  toolErrors: number;
  us: number;
}

function addUp(records: readonly CallRecord[], dimension: Exclude<Dimension, 'model'>, resolution: number) {
  const sums: Record<string, Sums> = {};
  for (const record of records) {
    const value = valueOf[dimension](record);
    if (value === null) continue;
    const minute = Math.floor(record.startedAt / minuteMs);
    const at = `${value} ${minute - (minute % resolution)}`;
    const sum = (sums[at] ??= { requests: 0, toolCalls: 0, errors: 0, toolErrors: 0, us: 0 });
    sum.requests += 1;
    sum.toolCalls += record.method === 'tools/call' ? 1 : 0;
    sum.errors += record.outcome === 'error' || record.outcome === 'timeout' ? 1 : 0;
    sum.toolErrors += record.outcome === 'tool_error' ? 1 : 0;
    sum.us += Math.round(record.durationMs * 1_000);
  }
  return sums;
}

async function readSums(dimension: Dimension, values: Iterable<string>, resolution: Resolution, now: number) {
  const sums: Record<string, Sums> = {};
  const minute = Math.floor(now / minuteMs) + 1;
  const from = minute - 70 * day;
  const span = { from: from - (((from % resolution) + resolution) % resolution), to: minute, resolution };
  for (const value of values) {
    const buckets = await readBuckets(hub.db, { dimension, values: [value] }, span, now);
    for (const [bucket, counts] of buckets) {
      const { requests, toolCalls, errors, toolErrors } = figuresOf(counts);
      const us = counts.get(slots.callUs) ?? 0;
      sums[`${value} ${bucket}`] = { requests, toolCalls, errors, toolErrors, us };
    }
  }
  return sums;
}

const record = fc.record<Drawn>({
  ago: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 130 }), fc.integer({ min: 0, max: 12_000 })),
  server: fc.option(fc.integer({ min: 1, max: 2 })),
  tool: fc.integer({ min: 1, max: 2 }),
  outcome: fc.constantFrom('ok', 'tool_error', 'error', 'cancelled', 'timeout'),
  durationMs: fc.integer({ min: 0, max: 4_000_000 }).map((us) => us / 1_000),
  method: fc.constantFrom('tools/call', 'tools/list'),
  endpoint: fc.constantFrom('all', 'server-1', 'team'),
  credential: fc.constantFrom('local', 'user:ann:s1', 'key:ann:k1', 'key:bob:k2'),
});

const step = fc.oneof(
  fc.record({ type: fc.constant('write' as const), records: fc.array(record, { minLength: 1, maxLength: 6 }) }),
  fc.record({ type: fc.constant('late' as const), records: fc.array(record, { minLength: 1, maxLength: 4 }) }),
  fc.record({ type: fc.constant('wait' as const), minutes: fc.constantFrom(1, 2, 7, 61, 1_500) }),
  fc.constant({ type: 'roll' as const }),
  fc.constant({ type: 'prune' as const }),
);

it('counts what the records hold, however they come, are counted and are removed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 14 }), async (steps) => {
      await empty();
      let now = begin;
      const written: CallRecord[] = [];
      for (const taken of steps) {
        if (taken.type === 'wait') now += taken.minutes * minuteMs;
        if (taken.type === 'roll') await rollUp(hub.db, now);
        if (taken.type === 'prune') await pruneSeries(hub.db, now);
        if (taken.type !== 'write' && taken.type !== 'late') continue;
        const records = taken.records.map((drawn) => toRecord(drawn, now));
        if (taken.type === 'write') await write(records);
        else await writeLate(records, () => rollUp(hub.db, now));
        written.push(...records);
      }
      for (const isRolled of [false, true]) {
        if (isRolled) await rollUp(hub.db, now);
        for (const dimension of ['all', 'server', 'tool', 'group', 'key', 'user'] as const) {
          for (const resolution of resolutions) {
            // What is older than minutes are kept is right once it is counted.
            const oldest = keptFrom(isRolled ? resolution : 1, now);
            function isWhole([at]: [string, Sums]) {
              return Number(at.split(' ').at(-1)) >= oldest;
            }
            const expected = Object.fromEntries(Object.entries(addUp(written, dimension, resolution)).filter(isWhole));
            const values = new Set(written.map(valueOf[dimension]).filter((value) => value !== null));
            const found = Object.entries(await readSums(dimension, values, resolution, now)).filter(isWhole);
            expect(Object.fromEntries(found), `${dimension} ${resolution}`).toEqual(expected);
          }
        }
      }
    }),
    { numRuns: 12 },
  );
});

it('never lets go of records that are not counted yet', async () => {
  await empty();
  const old = begin - 31 * day * minuteMs;
  await write([makeRecord({ id: 'counted', startedAt: old }), makeRecord({ id: 'kept', startedAt: begin })]);
  await rollUp(hub.db, begin);
  // Its transaction commits after the records of its time are gone.
  await writeLate([makeRecord({ id: 'late', startedAt: old + minuteMs })], async () => {
    await pruneHistory(hub.db, begin);
  });
  async function left() {
    return (await hub.connection.sql`select id from call_records order by id`).map(({ id }) => String(id));
  }
  expect(await left()).toEqual(['kept', 'late']);
  await pruneHistory(hub.db, begin);
  expect(await left()).toEqual(['kept']);
  const days = await readBuckets(hub.db, everything, { from: 0, to: begin / minuteMs + 1, resolution: 1_440 }, begin);
  // The day's other records are gone: what was counted of it stays as it was.
  expect([...days.values()].map(callsOf)).toEqual([1, 1]);
});

it('keeps what was counted of a minute whose records are gone', async () => {
  await empty();
  await write([1, 2, 3].map((n) => makeRecord({ id: `gone-${n}`, startedAt: begin })));
  const later = begin + 31 * day * minuteMs;
  await pruneHistory(hub.db, later);
  await noteChanges(hub.db, [begin]);
  await rollUp(hub.db, later);
  const span = { from: begin / minuteMs - 2 * day, to: later / minuteMs, resolution: 1_440 } as const;
  const days = await readBuckets(hub.db, everything, { ...span, from: span.from - (span.from % day) }, later);
  expect([...days.values()].map(callsOf)).toEqual([3]);
});

it('counts tokens of models by model, person and key', async () => {
  await empty();
  const at = new Date(begin).toISOString();
  await hub.connection.sql`
    insert into model_turns (id, started_at, ended_at, reserved_until, model_id, model, user_id, key_id, way, outcome,
      tokens_in, tokens_out, cost)
    select 't' || n, ${at}, ${at}, ${at}, 'gpt', 'gpt', 'ann', case n when 1 then 'k1' end, 'v1',
      case n when 3 then null when 2 then 'error' else 'ok' end, 10 * n, n, 0 from generate_series(1, 3) as n`;
  await noteChanges(hub.db, [begin]);
  const now = begin + 5 * minuteMs;
  const span = { from: begin / minuteMs - 8, to: begin / minuteMs + 2, resolution: 5 } as const;
  for (const isRolled of [false, true]) {
    if (isRolled) await rollUp(hub.db, now);
    for (const [dimension, tokens] of [
      ['model', { gpt: 33 }],
      ['user', { ann: 33 }],
      ['key', { k1: 11 }],
    ] as const) {
      const values = await readValues(hub.db, { dimension, values: null }, span, now);
      const found = [...values].map(([value, counts]) => [value, figuresOf(counts).tokens]);
      expect(Object.fromEntries(found)).toEqual(tokens);
    }
  }
});

it('tells percentiles within an eighth, also of histograms that were added', () => {
  const durations = Array.from({ length: 2_000 }, (_, n) => 1.5 ** (n / 100));
  const parts = [new Map<number, number>(), new Map<number, number>()];
  for (const [n, ms] of durations.entries()) {
    const step = 32 + Math.floor(Math.log2(ms / 0.25) * 3);
    addCounts(parts[n % 2] ?? new Map(), new Map([[step, 1]]));
  }
  const all = new Map<number, number>();
  for (const part of parts) addCounts(all, part);
  for (const rank of [0.5, 0.95, 0.99]) {
    const exact = durations[Math.ceil(rank * durations.length) - 1] ?? NaN;
    const told = percentileOf(all, rank) ?? NaN;
    expect(Math.abs(told / exact - 1)).toBeLessThan(1 / 8);
  }
  expect(percentileOf(new Map(), 0.5)).toBeNull();
});

it('adds what several hubs measure, and takes one after another for one', async () => {
  await empty();
  let now = begin;
  function hubOf(replica: string, sessions: number) {
    return createGauges({
      runtime: {
        metrics: () => ({ sessions, instances: 1, inFlight: 0, parked: 0, servers: {} as never }),
        programUsage: () =>
          Promise.resolve([{ serverId: 'files', memoryBytes: sessions * 1_000, cpuPercent: sessions }]),
      },
      replica,
      now: () => now,
    });
  }
  const [first, second] = [hubOf('first', 2), hubOf('second', 5)];
  for (let minute = 0; minute < 10; minute += 1) {
    for (let n = 0; n < 6; n += 1) {
      await first.sample();
      if (minute < 5) await second.sample();
      now += 10_000;
    }
    await first.write(hub.db);
    await second.write(hub.db);
  }
  await rollUp(hub.db, now);
  const from = begin / minuteMs;
  async function read(resolution: Resolution, gauge: GaugeName = 'sessions', server?: string) {
    const at = from - (from % resolution);
    const span = { from: at, to: from + 11, resolution };
    const points = (await readGauges(hub.db, ['sessions', gauge], span, server)).get(gauge) ?? [];
    return points.map(({ bucket, avg, max }) => [bucket - at, avg, max]);
  }
  expect(await read(1)).toEqual([...Array(10).keys()].map((n) => [n, n < 5 ? 7 : 2, n < 5 ? 7 : 2]));
  expect(await read(5)).toEqual([
    [0, 7, 7],
    [5, 2 + (5 * 3) / 5, 7],
    [10, 2, 2],
  ]);
  expect(await read(60)).toEqual([
    [0, 7, 7],
    [60, 2 + (5 * 3) / 8, 7],
  ]);
  for (const resolution of [1, 5, 60] as const) {
    expect(await read(resolution, 'cpu', 'files'), String(resolution)).toEqual(await read(resolution));
    const memory = (await read(resolution)).map(([at, ...values]) => [
      at,
      ...values.map((value) => (value ?? 0) * 1_000),
    ]);
    expect(await read(resolution, 'memory', 'files'), String(resolution)).toEqual(memory);
    expect(await read(resolution, 'sessions', 'files')).toEqual([]);
    expect(await read(resolution, 'cpu', 'others')).toEqual([]);
  }
});

it('counts a silent minute as nothing', async () => {
  await empty();
  await noteChanges(hub.db, [begin]);
  await rollUp(hub.db, begin + 2 * minuteMs);
  const [row] = await hub.db.execute(
    sql`select (select count(*) from series) + (select count(*) from series_changes) as n`,
  );
  expect(Number(row?.['n'])).toBe(0);
});

it('keeps few tools of a server in every bucket, and no names of what is gone', async () => {
  await empty();
  const from = begin / minuteMs;
  // Each minute has other names; one tool is there, and is called more than any of them.
  await hub.connection.sql`
    insert into call_records (id, started_at, duration_ms, server_id, endpoint, method, name, outcome, credential, via)
    select 'made-' || m || '-' || n, to_timestamp((${from}::integer + m) * 60::double precision), 5, 'alpha', 'all',
      'tools/call', case when n <= 2 then 'real' else 'made-up-' || m || '-' || n end, 'ok', 'local', 'mcp'
    from generate_series(0, 9) as m, generate_series(1, 150) as n`;
  const minutes = [...Array(10).keys()].map((n) => begin + n * minuteMs);
  const now = begin + 20 * minuteMs;
  for (const half of [minutes.slice(0, 5), minutes.slice(5)]) {
    await noteChanges(hub.db, half);
    await rollUp(hub.db, now);
  }
  const rows = await hub.connection.sql<{ most: number }[]>`
    select max(n)::integer as most from (
      select count(*) as n from series join series_keys on id = key where dimension = 'tool' group by resolution, bucket
    ) as counted`;
  expect(rows[0]?.most).toBe(200);
  const span = { from: from - (from % day), to: from + day, resolution: 1_440 } as const;
  for (const [dimension, value, calls] of [
    ['all', '', 1_500],
    ['server', 'alpha', 1_500],
    ['tool', 'alpha/real', 20],
  ] as const) {
    const days = await readBuckets(hub.db, { dimension, values: [value] }, span, now);
    expect([...days.values()].map(callsOf), dimension).toEqual([calls]);
  }
  async function keys() {
    return (await hub.connection.sql`select 1 from series_keys`).length;
  }
  const before = await keys();
  await pruneSeries(hub.db, begin + 2 * day * minuteMs);
  // Minutes are gone: names that stand in them alone go too.
  expect(await keys()).toBeLessThan(before);
  await pruneSeries(hub.db, begin + 800 * day * minuteMs);
  expect(await keys()).toBe(0);
});
