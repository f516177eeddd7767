import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { openSession } from '../support/mcp/raw.ts';
import { seenProgram, serveSeenHttp } from '../support/mcp/seen-server.ts';
import { startOtlpReceiver } from '../support/otlp.ts';
import { until } from '../support/until.ts';

/** Hubs without traces, and with a collector that is away, fails or hangs. */

const traceId = 'd'.repeat(32);
const traceparent = `00-${traceId}-${'e'.repeat(16)}-01`;

async function addPiped(app: TestApp): Promise<void> {
  await app.client().servers.create.mutate({ id: 'piped', kind: 'stdio', ...seenProgram });
  await until(async () => (await app.client().servers.get.query({ id: 'piped' })).status.toolCount === 2, 'tools');
}

async function call(app: TestApp, server: string, params: Json, headers: Record<string, string> = {}): Promise<Json> {
  const session = await openSession(`${app.url}/mcp/${server}`, { headers: { authorization: `Bearer ${app.token}` } });
  return ((await session.request('tools/call', params, { headers })) as Json).result;
}

async function linesOf(app: TestApp, search: string): Promise<Json[]> {
  const { body } = await app.json(`/api/monitoring/logs?source=hub&search=${encodeURIComponent(search)}`);
  return body.data.logs;
}

test('a hub without a collector passes `_meta` on as it came, and no headers; records have the trace that it names', async () => {
  await using app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
  await using upstream = await serveSeenHttp();
  await app.client().servers.create.mutate({ id: 'remote', kind: 'streamable-http', url: upstream.url });
  await until(async () => (await app.client().servers.get.query({ id: 'remote' })).status.toolCount === 2, 'tools');
  const odd = { traceparent: 'nonsense', tracestate: { a: 1 }, baggage: 'a=b' };
  const without = JSON.parse((await call(app, 'remote', { name: 'seen', arguments: {}, _meta: odd })).content[0].text);
  expect(without.meta).toEqual(odd);
  expect(without.headers).not.toHaveProperty('traceparent');
  const named = { name: 'seen', arguments: {}, _meta: { traceparent } };
  const seen = JSON.parse((await call(app, 'remote', named, { traceparent, baggage: 'x=y' })).content[0].text);
  expect(seen.meta).toEqual({ traceparent });
  expect(seen.headers).not.toHaveProperty('traceparent');
  expect(seen.headers).not.toHaveProperty('baggage');
  const bare = JSON.parse(
    (await call(app, 'remote', { name: 'seen', arguments: {} }, { traceparent })).content[0].text,
  );
  expect(bare.meta).toEqual({});
  const { items } = await app.client().calls.list.query({ tool: 'seen' });
  expect(items.map((record) => record.traceId)).toEqual([null, traceId, null]);
});

test('who signed in is told where traces can be looked at', async () => {
  const traceUrl = 'https://traces.example.com/trace/{traceId}';
  await using app = await createTestApp({ TRACE_URL: traceUrl });
  expect((await app.client().auth.me.query()).traceUrl).toBe(traceUrl);
  const anonymous = await app.json('/trpc/auth.me', { auth: false });
  expect(anonymous.status).toBe(200);
  expect(JSON.stringify(anonymous.body)).not.toContain('traces.example.com');
});

test('what is not sent when the hub stops is sent before it has stopped', async () => {
  await using collector = await startOtlpReceiver();
  const app = await createTestApp({
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/v1/traces`,
    OTEL_TRACES_SAMPLER: 'always_on',
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    OTEL_SERVICE_NAME: 'my-hub',
    OTEL_BSP_SCHEDULE_DELAY: '60000',
  });
  await addPiped(app);
  await call(app, 'piped', { name: 'seen', arguments: {} });
  await app.stop();
  expect(collector.spans).toContainEqual(expect.objectContaining({ name: 'tools/call seen', service: 'my-hub' }));
  expect(collector.requests.every(({ path }) => path === '/v1/traces')).toBe(true);
  expect(collector.requests[0]?.headers['content-encoding']).toBe('gzip');
});

test('a collector that is away, fails or hangs harms no call, and is told once until it is back', async () => {
  await using collector = await startOtlpReceiver();
  collector.answer = (response) => void response.writeHead(500).end('x-collector=its-secret');
  await using app = await createTestApp({
    LOG_LEVEL: 'info',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_TRACES_SAMPLER: 'always_on',
    OTEL_BSP_SCHEDULE_DELAY: '20',
    OTEL_BSP_MAX_QUEUE_SIZE: '64',
    OTEL_EXPORTER_OTLP_TIMEOUT: '200',
  });
  await addPiped(app);
  const seen = { name: 'seen', arguments: {} };
  const failing = 'OpenTelemetry does not take traces';
  await until(async () => (await linesOf(app, failing)).length === 1, 'a line of the log');
  expect((await linesOf(app, failing))[0]?.metadata).toMatchObject({ to: collector.url, why: 'it answered 500' });
  collector.answer = () => undefined;
  for (let i = 0; i < 60; i += 1) expect((await call(app, 'piped', seen)).isError ?? false).toBe(false);
  expect(await linesOf(app, failing)).toHaveLength(1);
  expect(JSON.stringify(await linesOf(app, 'OpenTelemetry'))).not.toContain('its-secret');
  collector.answer = null;
  await until(async () => {
    await call(app, 'piped', seen);
    return (await linesOf(app, 'takes traces again')).length === 1;
  }, 'the collector is back');
});

test('a hub whose collector hangs stops in time', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  try {
    await until(() => silent.listening, 'a port');
    const app = await createTestApp({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
      OTEL_TRACES_SAMPLER: 'always_on',
    });
    await app.json('/api/servers');
    const begun = performance.now();
    await app.stop();
    // Two seconds each for traces and metrics, of a timeout of ten.
    expect(performance.now() - begun).toBeLessThan(9_000);
  } finally {
    silent.closeAllConnections();
    silent.close();
  }
});
