import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { Actor } from '../actor.ts';
import { createGroup } from '../groups/verbs.ts';
import { createKey } from '../keys/verbs.ts';
import { createModel } from '../models/verbs.ts';
import { createServer } from '../servers/verbs.ts';
import { makeRecord, makeRemoteDraft, makeTestCore, type TestCore } from '../testing.ts';
import { hubHealth, readCurrent, serversHealth } from './hub-health.ts';
import { readMetrics } from './metrics.ts';
import { MetricName, type ReadMetrics } from './schema.ts';
import { readSeries } from './series/figures.ts';
import { noteChanges, rollUp } from './series/roll.ts';
import { readTop } from './top.ts';
import { readTrends } from './trends.ts';

type Asked = z.input<typeof ReadMetrics>;
const minute = 60_000;
let hub: TestCore;
let ann: Extract<Actor, { type: 'user' }>;
let bob: Extract<Actor, { type: 'user' }>;
let annsKey: string;
let annsModel: string;

beforeAll(async () => {
  hub = await makeTestCore();
  ann = await hub.addUser('user', 'ann');
  bob = await hub.addUser('user', 'bob');
  await createServer(hub.ctx(), makeRemoteDraft({ id: 'hidden' }));
  await createServer(hub.ctx(ann), makeRemoteDraft({ id: 'anns' }));
  await createServer(hub.ctx(), makeRemoteDraft({ id: 'open', visibility: 'everyone' }));
  await createGroup(hub.ctx(), { name: 'team' });
  annsKey = (await createKey(hub.ctx(ann), { name: 'anns' })).id;
  annsModel = (await createModel(hub.ctx(), { name: 'gpt', baseUrl: 'http://127.0.0.1:9', visibility: 'everyone' })).id;
  const now = hub.clock.now();
  const calls = [
    { serverId: 'hidden', credential: `user:${bob.id}:s`, durationMs: 400 },
    { serverId: 'hidden', credential: `user:${bob.id}:s`, outcome: 'error', durationMs: 900, endpoint: 'team' },
    { serverId: 'anns', credential: `key:${ann.id}:${annsKey}`, durationMs: 20 },
    { serverId: 'anns', credential: `user:${ann.id}:s`, outcome: 'tool_error', durationMs: 30, name: 'write' },
    { serverId: 'open', credential: `user:${ann.id}:s`, method: 'tools/list', name: null, durationMs: 5 },
  ] as const;
  for (const [n, call] of calls.entries()) {
    hub.runtime.tell({ type: 'call', record: makeRecord({ id: `m-${n}`, startedAt: now - n * minute, ...call }) });
  }
  await hub.core.deps.hub.flushCalls();
  const at = new Date(now - 2 * minute).toISOString();
  await hub.testDb.connection.sql`
    insert into model_turns (id, started_at, ended_at, reserved_until, model_id, model, user_id, way, outcome,
      tokens_in, tokens_out, cost)
    values ('t1', ${at}, ${at}, ${at}, ${annsModel}, 'gpt', ${ann.id}, 'v1', 'ok', 100, 20, 0),
      ('t2', ${at}, ${at}, ${at}, ${annsModel}, 'gpt', ${bob.id}, 'v1', 'ok', 7, 0, 0)`;
  await noteChanges(hub.testDb.db, [now - 2 * minute]);
});
afterAll(() => hub.close());

async function totals(actor: Actor, asked: Asked = {}) {
  const { metrics } = await readMetrics(hub.ctx(actor), asked);
  return Object.fromEntries(Object.entries(metrics).map(([name, { summary }]) => [name, summary?.total ?? null]));
}

async function refusal(actor: Actor, asked: Asked): Promise<string> {
  const { code } = await readMetrics(hub.ctx(actor), asked).then(
    () => ({ code: 'none' }),
    (error: unknown) => error as { code: string },
  );
  return code;
}

it('tells of the last day by the hour how the servers that one sees were called', async () => {
  async function trendsOf(actor: Actor) {
    const { servers } = await readTrends(hub.ctx(actor), {});
    const sums = Object.entries(servers).map(([id, trend]) => {
      expect([trend.calls.length, trend.failed.length]).toEqual([24, 24]);
      return [id, ...[trend.calls, trend.failed].map((line) => line.reduce((sum, n) => sum + n, 0))];
    });
    return sums.toSorted(([a], [b]) => String(a).localeCompare(String(b)));
  }
  expect(await trendsOf(hub.admin)).toEqual([
    ['anns', 2, 1],
    ['hidden', 2, 1],
    ['open', 1, 0],
  ]);
  expect(await trendsOf(ann)).toEqual([
    ['anns', 2, 1],
    ['open', 1, 0],
  ]);
  expect(await trendsOf(bob)).toEqual([['open', 1, 0]]);
});

describe('figures over time', () => {
  it('tells everything to who may read the metrics of the hub, and others what they see', async () => {
    expect(await totals(hub.admin)).toMatchObject({ requests: 5, toolCalls: 4, errors: 1, toolErrors: 1, tokens: 127 });
    expect(await totals(ann)).toEqual({
      requests: 3,
      toolCalls: 2,
      errors: 0,
      toolErrors: 1,
      errorRate: null,
      responseTime: null,
      tokens: 120,
    });
    expect(await totals(bob)).toMatchObject({ requests: 1, tokens: 7 });
  });

  it.each([
    ['hidden', ['ok 2', 'not_found', 'not_found']],
    ['anns', ['ok 2', 'ok 2', 'not_found']],
    ['open', ['ok 1', 'ok 1', 'ok 1']],
    ['nothing', ['not_found', 'not_found', 'not_found']],
  ])('of the server %s are for who sees it', async (server, expected) => {
    expect(await Promise.all([hub.admin, ann, bob].map((actor) => outcomeOf(actor, { server })))).toEqual(expected);
  });

  async function outcomeOf(actor: Actor, asked: Asked): Promise<string> {
    const code = await refusal(actor, asked);
    if (code !== 'none') return code;
    const found = await totals(actor, asked);
    return `ok ${found['requests'] ?? found['tokens'] ?? 0}`;
  }

  it('of tools, people, keys, groups and models are for who sees those', async () => {
    const rows: [Asked, string, string, string][] = [
      [{ tool: 'hidden/read' }, 'ok 2', 'not_found', 'not_found'],
      [{ tool: 'anns__write' }, 'ok 1', 'ok 1', 'not_found'],
      [{ server: 'anns', tool: 'write' }, 'ok 1', 'ok 1', 'not_found'],
      [{ user: 'ann' }, 'ok 3', 'ok 3', 'forbidden'],
      [{ user: bob.id }, 'ok 2', 'forbidden', 'ok 2'],
      [{ user: 'nobody' }, 'ok 0', 'forbidden', 'forbidden'],
      [{ key: annsKey }, 'ok 1', 'ok 1', 'forbidden'],
      [{ group: 'team' }, 'ok 1', 'not_found', 'not_found'],
      [{ model: 'gpt' }, 'ok 127', 'forbidden', 'forbidden'],
      [{ model: 'none' }, 'not_found', 'not_found', 'not_found'],
      [{ server: 'anns', user: 'ann' }, 'ok 2', 'ok 2', 'not_found'],
      [{ server: 'open', user: 'ann' }, 'ok 1', 'ok 1', 'forbidden'],
    ];
    for (const [asked, ...expected] of rows) {
      const found = await Promise.all([hub.admin, ann, bob].map((actor) => outcomeOf(actor, asked)));
      expect(found, JSON.stringify(asked)).toEqual(expected);
    }
  });

  it('of a key that is confined to a server are of that server alone', async () => {
    const key = await createKey(hub.ctx(ann), { name: 'confined', servers: ['open'] });
    const { actor } = await hub.core.authenticate({ bearer: key.key, apiKey: null, cookie: null });
    await hub.core.deps.hub.reconcile();
    expect(await totals(actor)).toMatchObject({ requests: 1, tokens: null });
    expect(await refusal(actor, { server: 'anns' })).toBe('not_found');
    expect(await refusal(actor, { user: 'ann' })).toBe('forbidden');
  });

  it('refuses what is measured to who may not read it, and what is not counted so to anybody', async () => {
    for (const metric of ['cpu', 'memory', 'sessions', 'instances'] as const) {
      expect(await refusal(hub.admin, { metrics: [metric] })).toBe('none');
      expect(await refusal(ann, { metrics: [metric] })).toBe('forbidden');
      expect(await refusal(hub.admin, { metrics: [metric], user: 'ann' })).toBe('invalid');
      const ofPrograms = metric === 'cpu' || metric === 'memory';
      expect(await refusal(ann, { metrics: [metric], server: 'open' })).toBe(ofPrograms ? 'none' : 'invalid');
      expect(await refusal(bob, { metrics: [metric], server: 'anns' })).toBe('not_found');
    }
    expect(await refusal(hub.admin, { metrics: ['tokens'], server: 'open' })).toBe('invalid');
    expect(await refusal(hub.admin, { metrics: ['requests'], model: 'gpt' })).toBe('invalid');
    expect(await refusal(hub.admin, { model: 'gpt', user: 'ann' })).toBe('invalid');
    expect(await refusal(hub.admin, { server: 'open', user: 'ann', timeRange: '30d' })).toBe('none');
    const from = new Date(hub.clock.now() - 40 * 86_400_000);
    expect(await refusal(hub.admin, { server: 'open', user: 'ann', from })).toBe('invalid');
    expect(await refusal(hub.admin, { from: new Date(hub.clock.now() + minute) })).toBe('invalid');
  });

  it('is as fine as asked for, but for too many points and what is kept no more', async () => {
    async function used(asked: Asked) {
      return (await readMetrics(hub.ctx(), asked)).granularity;
    }
    expect(await used({ timeRange: '24h', granularity: '1m' })).toBe('1m');
    expect(await used({ timeRange: '7d', granularity: '1m' })).toBe('1h');
    expect(await used({ timeRange: '30d', granularity: '1m' })).toBe('1h');
    expect(await used({ timeRange: '1h', granularity: '1d' })).toBe('1d');
    expect(await used({ timeRange: '1h' })).toBe('1m');
    const from = new Date(hub.clock.now() - 9 * 86_400_000);
    expect(await used({ from, to: new Date(from.getTime() + 3_600_000), granularity: '1m' })).toBe('1h');
    expect(await used({ from: new Date(0), granularity: '1m' })).toBe('1d');
  });

  it('leaves out what had nothing, and tells the same before and after it is counted', async () => {
    const asked = { granularity: '1m', metrics: ['requests', 'errorRate', 'responseTime'] } as const;
    const before = await readMetrics(hub.ctx(), { ...asked, metrics: [...asked.metrics] });
    expect(before.metrics.requests?.points.map(({ value }) => value)).toEqual([1, 1, 1, 1, 1]);
    expect(before.metrics.requests?.summary).toEqual({ total: 5, avg: 1, peak: 1 });
    expect(before.metrics.errorRate?.summary).toEqual({ avg: 0.2, peak: 1 });
    expect(before.metrics.responseTime?.summary?.avg).toBeCloseTo(271);
    await rollUp(hub.testDb.db, hub.clock.now());
    expect(await readMetrics(hub.ctx(), { ...asked, metrics: [...asked.metrics] })).toEqual(before);
  });

  it('lists the slowest and the most failing, of those that the actor sees', async () => {
    const all = await readTop(hub.ctx(), { by: 'tool' });
    expect(all.slowest.map(({ value }) => value)).toEqual(['hidden/read', 'anns/write', 'anns/read']);
    expect(all.failing.map(({ value }) => value)).toEqual(['hidden/read', 'anns/write']);
    const own = await readTop(hub.ctx(ann), { by: 'tool' });
    expect(own.slowest.map(({ value }) => value)).toEqual(['anns/write', 'anns/read']);
    expect((await readTop(hub.ctx(bob), { by: 'server' })).busiest.map(({ value }) => value)).toEqual(['open']);
    const people = await readTop(hub.ctx(), { by: 'user' });
    expect(people.busiest.map(({ name, requests }) => [name, requests])).toEqual([
      ['ann', 3],
      ['bob', 2],
    ]);
    expect((await readTop(hub.ctx(bob), { by: 'user' })).busiest.map(({ name }) => name)).toEqual(['bob']);
    const models = await readTop(hub.ctx(), { by: 'model' });
    expect(models.busiest.map(({ name, tokens }) => [name, tokens])).toEqual([['gpt', 127]]);
    expect((await readTop(hub.ctx(bob), { by: 'model' })).busiest).toEqual([]);
  });

  it('has figures of the last minutes and of this moment for the hub itself', async () => {
    const { deps } = hub.core;
    expect(await readSeries(deps, { minutes: 60 })).toMatchObject({ requests: 5, errors: 1, tokens: 127 });
    expect(await readSeries(deps, { minutes: 60, serverId: 'anns' })).toMatchObject({ requests: 2, toolErrors: 1 });
    expect(await readSeries(deps, { minutes: 1, serverId: 'anns' })).toMatchObject({ requests: 0, p95Ms: null });
    const now = await readCurrent(hub.ctx(), {});
    expect(Object.keys(now).toSorted()).toEqual([...MetricName.options].toSorted());
    expect(now).toMatchObject({ memory: expect.any(Number), sessions: 0, requests: 1, errors: 0.2, errorRate: 0.2 });
    expect(await readCurrent(hub.ctx(bob), {})).toMatchObject({ memory: null, cpu: null, tokens: null, requests: 0.2 });
  });

  it('tells how the hub and its servers do, as far as the actor may see', async () => {
    expect(await hubHealth(hub.ctx(), {})).toMatchObject({
      jobs: { healthy: expect.any(Boolean) },
      database: { answeredMs: expect.any(Number), bytes: expect.any(Number) },
      servers: { total: 3, healthy: 3 },
    });
    expect(await hubHealth(hub.ctx(bob), {})).toMatchObject({
      database: { bytes: null },
      disk: null,
      servers: { total: 1 },
    });
    expect((await serversHealth(hub.ctx(ann), {})).map(({ id }) => id)).toEqual(['anns', 'open']);
  });
});
