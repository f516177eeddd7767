import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../context.ts';
import { createKey } from '../keys/verbs.ts';
import { createServer } from '../servers/verbs.ts';
import { setItem } from '../servers/items.ts';
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
      servers: { total: 3, running: 1, stopped: 2, error: 0 },
      tools: { total: 2 },
      uptimeSeconds: expect.toSatisfy((seconds: number) => seconds >= 60 && seconds < 70),
    });
  });

  it('judges only servers that are on; asleep is healthy, a failed one is not', async () => {
    expect(await health(hub.ctx(), {})).toMatchObject({ healthy: true, details: { runs: { status: 'running' } } });
    expect(Object.keys((await health(hub.ctx(), {})).details)).toEqual(['runs']);
    const status = hub.runtime.status.bind(hub.runtime);
    const as = async (more: Parameters<typeof makeStatus>[1]) => {
      hub.runtime.status = (id) => makeStatus(id, more);
      const result = await health(hub.ctx(), {});
      hub.runtime.status = status;
      return result;
    };
    expect(await as({ phase: 'stopped', asleep: true })).toMatchObject({ healthy: true });
    expect(await as({ phase: 'starting', failures: 0 })).toMatchObject({ healthy: true });
    expect(await as({ phase: 'starting', failures: 2, error: 'x' })).toMatchObject({ healthy: false });
    expect(await as({ phase: 'error', error: 'Connection timeout' })).toMatchObject({
      healthy: false,
      details: { runs: { status: 'error', error: 'Connection timeout' } },
    });
    expect(await as({ needsSignIn: true })).toMatchObject({ healthy: false });
  });

  it('tells the pace of calls', async () => {
    hub.runtime.tell({ type: 'call', record: makeRecord({ startedAt: hub.clock.now(), durationMs: 40 }) });
    hub.runtime.tell({
      type: 'call',
      record: makeRecord({ startedAt: hub.clock.now(), durationMs: 60, outcome: 'error' }),
    });
    expect(await systemStatus(hub.ctx(), {})).toMatchObject({
      system: { version: '0.0.0', nodeVersion: process.versions.node },
      performance: { requestsPerMinute: 2, avgResponseMs: 50, errorRate: 0.5 },
    });
    const seen = await overview(hub.ctx(), {});
    expect(seen).toMatchObject({ servers: { total: 3, disabled: 1 }, tools: 2, callsPerMinute: 2 });
    expect(seen.recentCalls).toHaveLength(2);
  });

  it('tells hub-wide figures to who may read its metrics, and others those of servers they see', async () => {
    const user = await hub.addUser('user');
    const confined = await createKey(hub.ctx(), { name: 'one', servers: ['runs'] });
    const { actor: key } = await hub.core.authenticate({ apiKey: confined.key });
    await createServer(hub.ctx(user), makeRemoteDraft({ id: 'mine' }));
    const told = async (actor?: Actor) => {
      const { sessions, instances, callsPerMinute, p50Ms, errorRate } = await overview(hub.ctx(actor), {});
      const { performance } = await systemStatus(hub.ctx(actor), {});
      return { sessions, instances, callsPerMinute, p50Ms, errorRate, performance };
    };
    const { metrics } = hub.runtime;
    hub.runtime.metrics = () => ({ ...metrics(), sessions: 7, instances: 9 });
    const record = { startedAt: hub.clock.now(), outcome: 'ok' } as const;
    const at = (serverId: string, durationMs: number) =>
      hub.runtime.tell({ type: 'call', record: makeRecord({ ...record, serverId, durationMs }) });
    const before = await told();
    at('mine', 500);
    at('runs', 700);
    const quiet = { requestsPerMinute: 0, avgResponseMs: null, errorRate: 0 };
    expect(await told()).toMatchObject({ sessions: 7, instances: 9, callsPerMinute: before.callsPerMinute + 2 });
    expect(await told(user)).toMatchObject({
      sessions: null,
      callsPerMinute: 1,
      p50Ms: 500,
      errorRate: 0,
      performance: { requestsPerMinute: 1, avgResponseMs: 500, errorRate: 0 },
    });
    expect((await told(user)).instances).toBeLessThan(9);
    expect(await told(key)).toMatchObject({ sessions: null, callsPerMinute: 1, p50Ms: 700 });
    const stranger = await told(await hub.addUser('user'));
    expect(stranger).toEqual({
      sessions: null,
      instances: 0,
      callsPerMinute: 0,
      p50Ms: null,
      errorRate: 0,
      performance: quiet,
    });
  });

  it('shows users what is theirs', async () => {
    const user = await hub.addUser('user');
    expect(await overview(hub.ctx(user), {})).toMatchObject({ servers: { total: 0 }, tools: 0, recentCalls: [] });
    await expect(health(hub.ctx({ type: 'anonymous' }), {})).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});
