import { afterAll, beforeAll, expect } from 'vitest';
import { type CompatApp, createCompatApp, askUntil } from '../compat-app.ts';
import { verifies } from '../verifies.ts';

let app: CompatApp;
beforeAll(async () => {
  app = await createCompatApp();
});
afterAll(() => app.stop());

const noStates = {
  running: 0,
  asleep: 0,
  starting: 0,
  stopping: 0,
  stopped: 0,
  failing: 0,
  needsSignIn: 0,
  disabled: 0,
};

verifies(40, 'tells system, servers and performance in the documented units', async () => {
  const { status, body } = await app.json('/api/monitoring/status');
  expect(status).toBe(200);
  expect(body.data).toEqual({
    system: {
      uptime: expect.any(Number),
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      nodeVersion: process.versions.node,
    },
    servers: {
      total: 0,
      running: 0,
      stopped: 0,
      error: 0,
      starting: 0,
      stopping: 0,
      states: { ...noStates },
    },
    performance: {
      requestsPerMinute: 0,
      avgResponseTime: '0ms',
      errorRate: '0%',
      toolErrorRate: '0%',
      medianResponseTime: '0ms',
      p95ResponseTime: '0ms',
    },
    calls: { lastFiveMinutes: 0, lastHour: 0, failedLastHour: 0, toolErrorsLastHour: 0 },
  });
  expect(body.data.system.uptime).toBeLessThan(120);
});

verifies(40, 'counts servers by state and calls by outcome', async () => {
  await app.json('/api/mcp/servers', { body: { id: 'one', type: 'stdio', command: 'uvx' } });
  await app.json('/api/servers', { body: { name: 'off', command: 'uvx', enabled: false } });
  await app.json('/api/servers', { body: { name: 'broken', command: 'uvx', args: ['--fails'] } });
  await app.json('/api/mcp/tools/call', { body: { toolName: 'web_search', arguments: { query: 'x' } } });
  await app.json('/api/mcp/servers/one/tools/dies/call', { method: 'POST' });
  const { body } = await askUntil(
    () => app.json('/api/monitoring/status'),
    (answer) => answer.body.data.servers.error === 1 && answer.body.data.servers.running === 1,
    90_000,
  );
  expect(body.data.servers).toEqual({
    total: 3,
    running: 1,
    stopped: 1,
    error: 1,
    starting: 0,
    stopping: 0,
    states: { ...noStates, running: 1, disabled: 1, failing: 1 },
  });
  // It is started again after one second, two, four: in between nothing about it has changed for the better.
  const seen = new Set<string>();
  for (const end = performance.now() + 4_000; performance.now() < end;) {
    const { body: later } = await app.json('/api/monitoring/status');
    const { total, states } = later.data.servers;
    expect(Object.values<number>(states).reduce((sum, count) => sum + count, 0)).toBe(total);
    seen.add(JSON.stringify(states));
    const { data } = (await app.json('/api/servers?status=error')).body;
    expect(data.items.map(({ name }: { name: string }) => name)).toEqual(['broken']);
  }
  expect([...seen]).toEqual([JSON.stringify({ ...noStates, running: 1, disabled: 1, failing: 1 })]);
  expect(body.data.calls).toEqual({ lastFiveMinutes: 2, lastHour: 2, failedLastHour: 1, toolErrorsLastHour: 0 });
  expect(body.data.performance).toMatchObject({
    requestsPerMinute: 0.4,
    avgResponseTime: expect.stringMatching(/^\d+ms$/),
    errorRate: '50%',
  });
});
