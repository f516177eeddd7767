import { afterAll, beforeAll, expect, test } from 'vitest';
import { addPerson, type Caller } from '../../support/people.ts';
import { type CompatApp, createCompatApp } from '../compat-app.ts';
import { verifies } from '../verifies.ts';

let app: CompatApp;
let ann: Caller;
const own = 'one';

beforeAll(async () => {
  app = await createCompatApp();
  await app.json('/api/mcp/servers', { body: { id: own, type: 'stdio', command: 'uvx' } });
  for (const path of ['/api/mcp/tools/call', '/api/mcp/tools/call']) {
    await app.json(path, { body: { toolName: 'web_search', arguments: { query: 'x' } } });
  }
  await app.json(`/api/mcp/servers/${own}/tools/dies/call`, { method: 'POST' });
  ann = await addPerson(app, 'ann');
});
afterAll(() => app.stop());

verifies(41, 'gives every metric over every documented range and granularity', async () => {
  for (const timeRange of ['1h', '24h', '7d', '30d']) {
    for (const granularity of ['1m', '5m', '1h', '1d']) {
      const { status, body } = await app.json(
        `/api/monitoring/metrics?timeRange=${timeRange}&granularity=${granularity}`,
      );
      expect(status).toBe(200);
      const isTooFine = /^(7|30)d [15]m$/.test(`${timeRange} ${granularity}`);
      expect(body.data).toMatchObject({ timeRange, granularity: isTooFine ? '1h' : granularity });
      expect(Object.keys(body.data.metrics).toSorted()).toEqual(
        'cpu errorRate errors instances memory requests responseTime sessions tokens toolCalls toolErrors'.split(' '),
      );
      expect(body.data.metrics.requests.summary).toMatchObject({ total: 3, peak: expect.any(Number) });
    }
  }
});

verifies(41, 'has the documented shape, and gaps where nothing was', async () => {
  const { body } = await app.json(
    '/api/monitoring/metrics?timeRange=24h&granularity=5m&metrics=requests,responseTime,errors,errorRate',
  );
  const { requests, responseTime, errors, errorRate } = body.data.metrics;
  expect(requests.data.length).toBeLessThanOrEqual(2);
  expect(requests.data[0]).toEqual({
    timestamp: expect.stringMatching(/:[0-5][05]:00\.000Z$/),
    value: expect.any(Number),
  });
  expect(responseTime.data[0]).toEqual({
    timestamp: requests.data[0].timestamp,
    avg: expect.any(Number),
    p50: expect.any(Number),
    p95: expect.any(Number),
    p99: expect.any(Number),
  });
  expect(errors.summary.total).toBe(1);
  expect(errorRate.summary.avg).toBeCloseTo(1 / 3);
  const silent = await app.json('/api/monitoring/metrics?metrics=tokens');
  expect(silent.body.data.metrics.tokens).toEqual({ unit: 'tokens', data: [], summary: null });
});

verifies(41, 'counts by server, tool, group, key, user and model', async () => {
  async function total(query: string) {
    const { status, body } = await app.json(`/api/monitoring/metrics?metrics=requests&${query}`);
    return status === 200 ? (body.data.metrics.requests.summary?.total ?? 0) : status;
  }
  expect(await total(`server=${own}`)).toBe(3);
  expect(await total(`tool=${own}/web_search`)).toBe(2);
  expect(await total(`server=${own}&tool=dies`)).toBe(1);
  expect(await total('user=admin')).toBe(3);
  expect(await total('user=ann')).toBe(0);
  expect(await total(`user=admin&server=${own}`)).toBe(3);
  expect(await total('server=absent')).toBe(404);
  expect(await total('model=absent')).toBe(404);
});

verifies(41, 'refuses unknown words, names and combinations', async () => {
  const cases: [string, string][] = [
    ['timeRange=2h', 'timeRange'],
    ['granularity=1s', 'granularity'],
    ['metrics=requests,nothing', 'metrics'],
    ['metrics=', 'metrics'],
    [`metrics=sessions&server=${own}`, 'metrics'],
    ['metrics=cpu&user=admin', 'metrics'],
    [`metrics=tokens&server=${own}`, 'metrics'],
    ['model=demo&user=admin', 'model'],
  ];
  for (const [query, field] of cases) {
    const { status, body } = await app.json(`/api/monitoring/metrics?${query}`);
    expect([status, body.error.code, body.error.details.field], query).toEqual([422, 'VALIDATION_ERROR', field]);
  }
  expect((await app.json('/api/monitoring/metrics?bogus=1')).status).toBe(400);
  expect((await app.json('/api/monitoring/metrics', { auth: false })).status).toBe(401);
});

verifies(41, 'shows each caller what it may see', async () => {
  const { status, body } = await ann.json('/api/monitoring/metrics');
  expect(status).toBe(200);
  expect(Object.keys(body.data.metrics)).not.toContain('cpu');
  expect(body.data.metrics.requests.summary).toBeNull();
  const refused = ['metrics=cpu', 'user=admin', `server=${own}`, `tool=${own}/web_search`];
  const statuses = await Promise.all(
    refused.map(async (query) => (await ann.json(`/api/monitoring/metrics?${query}`)).status),
  );
  expect(statuses).toEqual([403, 403, 404, 404]);
});

test('the routes beside it tell health, throughput and all of it at once', async () => {
  const health = await app.json('/api/monitoring/health');
  expect(health.body.data).toMatchObject({
    database: { responseTime: expect.any(Number), bytes: expect.any(Number) },
    servers: { total: 1 },
    disk: { freeBytes: expect.any(Number), totalBytes: expect.any(Number) },
  });
  const servers = await app.json('/api/monitoring/servers/health');
  expect(servers.body.data.servers).toMatchObject([{ id: own, requests: 3, errors: 1, toolErrors: 0 }]);
  const throughput = await app.json('/api/monitoring/throughput');
  expect(throughput.body.data).toMatchObject({ requestsPerMinute: 0.6, toolCallsPerMinute: 0.6, errorsPerMinute: 0.2 });
  const dashboard = await app.json('/api/monitoring/dashboard');
  expect(dashboard.body.data).toMatchObject({
    servers: [{ id: own }],
    throughput: { requestsPerMinute: 0.6 },
    failing: [{ id: `${own}/dies`, errors: 1 }],
  });
  const others = await ann.json('/api/monitoring/dashboard');
  expect(others.body.data).toMatchObject({
    health: { database: { bytes: null }, disk: null, engines: [] },
    servers: [],
    throughput: { requestsPerMinute: 0, tokensPerMinute: null },
    slowest: [],
    failing: [],
  });
});

/** Reads the text format of Prometheus, strictly: `family name{labels} value`, each family announced before. */
function readPrometheus(text: string): Map<string, number> {
  const types = new Map<string, string>();
  const samples = new Map<string, number>();
  expect(text.endsWith('\n')).toBe(true);
  for (const line of text.split('\n').slice(0, -1)) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.+)$/.exec(line);
    if (comment?.[1] === 'TYPE') {
      expect(types.has(comment[2] ?? ''), line).toBe(false);
      expect(comment[3]).toMatch(/^(counter|gauge|histogram|summary|untyped)$/);
      types.set(comment[2] ?? '', comment[3] ?? '');
    }
    if (comment || line === '') continue;
    const sample = /^([a-zA-Z_:][\w:]*)(\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)*\})? (\S+)$/.exec(line);
    expect(sample, line).not.toBeNull();
    const [, name = '', labels = '', value = ''] = sample ?? [];
    const family = [name, name.replace(/_(bucket|sum|count)$/, '')].find((known) => types.has(known));
    expect(family, line).toBeDefined();
    expect(value).toMatch(/^(NaN|[+-]Inf|[+-]?\d+(\.\d+)?(e[+-]?\d+)?)$/);
    expect(samples.has(name + labels), line).toBe(false);
    samples.set(name + labels, Number(value));
  }
  return samples;
}

test('the text for Prometheus is that of the process, and for who may read it', async () => {
  const answer = await app.fetch('/api/monitoring/prometheus');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const samples = readPrometheus(await answer.text());
  expect(samples.get('switchboard_database_up')).toBe(1);
  const calls = [...samples].filter(
    ([name]) => name.startsWith('switchboard_calls_total{') && name.includes(`server="${own}"`),
  );
  expect(calls.reduce((sum, [, value]) => sum + value, 0)).toBe(3);
  const { status, body } = await ann.json('/api/monitoring/prometheus');
  expect([status, body.error.code]).toEqual([403, 'AUTHORIZATION_FAILED']);
  expect((await app.fetch('/api/monitoring/prometheus', { auth: false })).status).toBe(401);
});
