import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer } from '../servers/verbs.ts';
import { setItem } from '../servers/items.ts';
import { makeDraft, makeRecord, makeStatus, makeTestCore, type TestCore } from '../testing.ts';
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

  it('shows users what is theirs', async () => {
    const user = await hub.addUser('user');
    expect(await overview(hub.ctx(user), {})).toMatchObject({ servers: { total: 0 }, tools: 0, recentCalls: [] });
    await expect(health(hub.ctx({ type: 'anonymous' }), {})).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});
