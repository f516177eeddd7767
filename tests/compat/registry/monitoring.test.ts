import { afterAll, beforeAll, expect } from 'vitest';
import { type CompatApp, createCompatApp, askUntil } from '../compat-app.ts';
import { verifies } from '../verifies.ts';

let app: CompatApp;
beforeAll(async () => {
  app = await createCompatApp();
});
afterAll(() => app.stop());

verifies(113, 'nothing registered is healthy', async () => {
  const { status, body } = await app.json('/api/mcp/health');
  expect(status).toBe(200);
  expect(body).toEqual({ success: true, data: { healthy: true, details: {} } });
});

verifies(112, 'counts servers by phase and all tools, uptime in seconds', async () => {
  await app.json('/api/mcp/servers', { body: { id: 'one', type: 'stdio', command: 'uvx' } });
  await app.json('/api/mcp/servers', { body: { id: 'two', type: 'stdio', command: 'uvx' } });
  await app.fetch('/api/servers/two/stop', { method: 'POST' });
  const { body } = await app.json('/api/mcp/statistics');
  expect(body.data.servers).toEqual({ total: 2, running: 1, stopped: 1, error: 0, starting: 0, stopping: 0 });
  expect(body.data.tools).toEqual({ total: 6 });
  expect(body.data.uptime).toBeGreaterThanOrEqual(0);
  expect(body.data.uptime).toBeLessThan(120);
});

verifies(113, 'a server stopped on purpose does not make it unhealthy', async () => {
  const { status, body } = await app.json('/api/mcp/health');
  expect(status).toBe(200);
  expect(body.data.details).toEqual({ one: expect.objectContaining({ status: 'running', toolCount: 6 }) });
});

verifies(113, 'a server that cannot run answers 503 with data and the reason', async () => {
  await app.json('/api/servers', { body: { name: 'broken', command: 'uvx', args: ['--fails'] } });
  const { body } = await askUntil(
    () => app.json('/api/mcp/health'),
    ({ status }) => status === 503,
  );
  expect(body).toMatchObject({
    success: false,
    data: { healthy: false, details: { broken: { healthy: false, error: expect.any(String) } } },
  });
  expect(body.error).toBeUndefined();
});
