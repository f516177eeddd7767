import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../actor.ts';
import { restoreCallStats } from '../calls/restore.ts';
import { createCallStats } from '../calls/stats.ts';
import { createKey } from '../keys/verbs.ts';
import { setItem } from '../servers/items.ts';
import { createServer } from '../servers/verbs.ts';
import { makeDraft, makeRecord, makeRemoteDraft, makeStatus, makeTestCore, type TestCore } from '../testing.ts';
import { health, overview, statistics, systemStatus } from './verbs.ts';

let hub: TestCore;
beforeAll(async () => {
  hub = await makeTestCore();
});
afterAll(() => hub.close());

describe('monitoring', () => {
  it('is healthy and empty without servers', async () => {
    expect(await health(hub.ctx(), {})).toEqual({ healthy: true, details: {} });
    expect(await statistics(hub.ctx(), {})).toMatchObject({ servers: { total: 0 }, tools: { total: 0 } });
  });

  it('counts servers by phase and the tools that clients are offered', async () => {
    await createServer(hub.ctx(), makeDraft({ id: 'runs' }));
    await createServer(hub.ctx(), makeDraft({ id: 'halted', desired: 'stopped' }));
    await createServer(hub.ctx(), makeDraft({ id: 'off', desired: 'disabled' }));
    hub.runtime.setCatalog('runs', ['a', 'b', 'c']);
    hub.runtime.setCatalog('halted', ['d']);
    await setItem(hub.ctx(), { id: 'runs', type: 'tool', name: 'a', enabled: false });
    hub.clock.advance(61_000);
    expect(await statistics(hub.ctx(), {})).toMatchObject({
      servers: { total: 3, running: 1, stopped: 1, disabled: 1, asleep: 0, error: 0, 'needs-sign-in': 0 },
      tools: { total: 2 },
      uptimeSeconds: expect.toSatisfy((seconds: number) => seconds >= 60 && seconds < 70),
    });
  });

  it('judges only servers that are on; asleep is healthy, a failed one is not', async () => {
    expect(await health(hub.ctx(), {})).toMatchObject({ healthy: true, details: { runs: { status: 'running' } } });
    expect(Object.keys((await health(hub.ctx(), {})).details)).toEqual(['runs']);
    const status = hub.runtime.status.bind(hub.runtime);
    async function as(more: Parameters<typeof makeStatus>[1]) {
      hub.runtime.status = (id) => makeStatus(id, more);
      const result = await health(hub.ctx(), {});
      hub.runtime.status = status;
      return result;
    }
    expect(await as({ phase: 'stopped', asleep: true })).toMatchObject({ healthy: true });
    expect(await as({ phase: 'starting', failures: 0 })).toMatchObject({ healthy: true });
    expect(await as({ phase: 'starting', failures: 2, error: 'x' })).toMatchObject({ healthy: false });
    expect(await as({ phase: 'error', error: 'Connection timeout' })).toMatchObject({
      healthy: false,
      details: { runs: { status: 'error', error: 'Connection timeout' } },
    });
    expect(await as({ needsSignIn: true })).toMatchObject({ healthy: false });
  });

  it('counts each server in one number, one that fails and is started again where it was', async () => {
    const status = hub.runtime.status.bind(hub.runtime);
    async function as(more: Parameters<typeof makeStatus>[1]) {
      hub.runtime.status = (id) => makeStatus(id, more);
      const { servers } = await overview(hub.ctx(), {});
      expect((await systemStatus(hub.ctx(), {})).servers).toEqual(servers);
      hub.runtime.status = status;
      const { total, ...states } = servers;
      expect(Object.values(states).reduce((sum, count) => sum + count, 0)).toBe(total);
      return states;
    }
    const failing = await as({ phase: 'error', failures: 4, error: 'x' });
    expect(failing).toMatchObject({ error: 2, starting: 0, disabled: 1 });
    expect(await as({ phase: 'starting', failures: 4, error: 'x' })).toEqual(failing);
    expect(await as({ phase: 'starting' })).toMatchObject({ error: 0, starting: 2 });
    expect(await as({ phase: 'error', failures: 1, error: 'x', needsSignIn: true })).toMatchObject({
      error: 0,
      'needs-sign-in': 2,
    });
  });

  it('tells how calls go, the same on the page and over REST', async () => {
    const at = hub.clock.now();
    function tell(more: object) {
      hub.runtime.tell({ type: 'call', record: makeRecord({ startedAt: at, ...more }) });
    }
    tell({ durationMs: 40 });
    tell({ durationMs: 60, outcome: 'error' });
    tell({ durationMs: 80, outcome: 'tool_error' });
    tell({ durationMs: 100 });
    const status = await systemStatus(hub.ctx(), {});
    expect(status).toMatchObject({
      system: { version: '0.0.0', nodeVersion: process.versions.node },
      calls: {
        recent: { count: 4, perMinute: 4 / 5, avgMs: 70, p50Ms: 60 },
        hour: { count: 4, errors: 1, toolErrors: 1, errorRate: 1 / 4, toolErrorRate: 1 / 4 },
      },
    });
    const seen = await overview(hub.ctx(), {});
    expect(seen).toMatchObject({ servers: { total: 3, disabled: 1 }, tools: 2, calls: status.calls });
    expect(seen.recentCalls).toHaveLength(4);
  });

  it('goes on after a restart with what the history holds of the two windows', async () => {
    const now = Date.now();
    const { connection } = hub.testDb;
    await connection.sql`
      insert into call_records (id, started_at, duration_ms, server_id, endpoint, method, name, outcome, credential, via)
      select 'old-' || n, to_timestamp(${now / 1_000}::float8 - n * 60), n, 'old', 'all', 'tools/call', 't',
        case n % 4 when 0 then 'error' when 1 then 'tool_error' when 2 then 'timeout' else 'ok' end, 'local', 'mcp'
      from generate_series(1, 100) as n`;
    const stats = createCallStats(() => now);
    await restoreCallStats(hub.testDb.db, stats, { now, startedAt: now - 30_000 });
    const { recent, hour } = stats.figures(new Set(['old']));
    expect(recent).toMatchObject({ count: 4, avgMs: 2.5, p50Ms: 2, p95Ms: 4 });
    expect(hour).toMatchObject({ count: 59, errors: 29, toolErrors: 15 });
    expect(stats.server('old').lastAt).toBeCloseTo(now - 60_000, -1);
    const later = createCallStats(() => now);
    await restoreCallStats(hub.testDb.db, later, { now, startedAt: now - 150_000 });
    expect(later.figures(new Set(['old'])).recent.count, 'what this process counted itself is not counted twice').toBe(
      2,
    );
  });

  it('tells hub-wide figures to who may read its metrics, and others those of servers they see', async () => {
    const user = await hub.addUser('user');
    const confined = await createKey(hub.ctx(), { name: 'one', servers: ['runs'] });
    const { actor: key } = await hub.core.authenticate({ apiKey: confined.key });
    await createServer(hub.ctx(user), makeRemoteDraft({ id: 'mine' }));
    async function told(actor?: Actor) {
      const { sessions, instances, calls } = await overview(hub.ctx(actor), {});
      expect((await systemStatus(hub.ctx(actor), {})).calls).toEqual(calls);
      return { sessions, instances, calls };
    }
    const { metrics } = hub.runtime;
    hub.runtime.metrics = () => ({ ...metrics(), sessions: 7, instances: 9 });
    const record = { startedAt: hub.clock.now(), outcome: 'ok' } as const;
    function at(serverId: string, durationMs: number) {
      hub.runtime.tell({ type: 'call', record: makeRecord({ ...record, serverId, durationMs }) });
    }
    const before = await told();
    at('mine', 500);
    at('runs', 700);
    const all = await told();
    expect(all).toMatchObject({
      sessions: 7,
      instances: 9,
      calls: { recent: { count: before.calls.recent.count + 2 } },
    });
    expect(await told(user)).toMatchObject({
      sessions: null,
      calls: { recent: { count: 1, perMinute: 1 / 5, p50Ms: 500, avgMs: 500 }, hour: { count: 1, errorRate: 0 } },
    });
    expect((await told(user)).instances).toBeLessThan(9);
    expect(await told(key)).toMatchObject({ sessions: null, calls: { recent: { p50Ms: 700 } } });
    const stranger = await told(await hub.addUser('user'));
    expect(stranger).toMatchObject({
      sessions: null,
      instances: 0,
      calls: { recent: { count: 0 }, hour: { count: 0 } },
    });
  });

  it('shows users what is theirs', async () => {
    const user = await hub.addUser('user');
    expect(await overview(hub.ctx(user), {})).toMatchObject({ servers: { total: 0 }, tools: 0, recentCalls: [] });
    await expect(health(hub.ctx({ type: 'anonymous' }), {})).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});
