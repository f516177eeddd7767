import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startProvider, type ScriptedProvider } from '@switchboard/agents/testing';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { modernExchange, openSession } from '../support/mcp/raw.ts';
import { seenProgram, serveSeenHttp } from '../support/mcp/seen-server.ts';
import { type OtlpReceiver, type SentSpan, startOtlpReceiver } from '../support/otlp.ts';
import { until } from '../support/until.ts';

/** Traces and metrics as a collector gets them, with real servers behind the hub. */

const secret = 'planted-secret-7f3a';
let collector: OtlpReceiver;
let app: TestApp;
let upstream: Awaited<ReturnType<typeof serveSeenHttp>>;
let provider: ScriptedProvider;

beforeAll(async () => {
  [collector, upstream, provider] = await Promise.all([startOtlpReceiver(), serveSeenHttp(), startProvider()]);
  app = await createTestApp({
    ALLOW_PRIVATE_URLS: 'true',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: `x-collector=${secret}`,
    OTEL_TRACES_SAMPLER_ARG: '1',
    OTEL_BSP_SCHEDULE_DELAY: '100',
    OTEL_METRIC_EXPORT_INTERVAL: '500',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
  });
  await addServers(app, upstream.url);
  await app.client().models.create.mutate({ name: 'talker', baseUrl: provider.url, apiKey: secret });
});
afterAll(async () => {
  await app.stop();
  await Promise.all([collector, upstream, provider].map((each) => each[Symbol.asyncDispose]()));
});

async function addServers(to: TestApp, url: string): Promise<void> {
  const env = { TOKEN: secret };
  await to.client().servers.create.mutate({ id: 'piped', kind: 'stdio', ...seenProgram, env });
  const headers = { 'x-token': secret };
  await to.client().servers.create.mutate({ id: 'remote', kind: 'streamable-http', url, headers });
  for (const id of ['piped', 'remote']) {
    await until(async () => (await to.client().servers.get.query({ id })).status.toolCount === 2, `tools of ${id}`);
  }
}

const traceId = '0af7651916cd43dd8448eb211c80319c';
const parentId = 'b7ad6b7169203331';
const sampled = `00-${traceId}-${parentId}-01`;

interface Seen {
  meta: Record<string, unknown>;
  headers: Record<string, string>;
}

async function seenBy(to: TestApp, server: string, headers: Record<string, string> = {}, meta?: Json): Promise<Seen> {
  const session = await openSession(`${to.url}/mcp/${server}`, { headers: { authorization: `Bearer ${to.token}` } });
  const call = { name: 'seen', arguments: { secret }, ...(meta && { _meta: meta }) };
  const reply = (await session.request('tools/call', call, { headers })) as Json;
  return JSON.parse(reply.result.content[0].text) as Seen;
}

function idOf(traceparent: unknown): string {
  return String(traceparent).split('-')[2] ?? '';
}

/** The spans of a call, from what the server was told up to what began it. */
async function chainOf(sent: string, from = parentId): Promise<SentSpan[]> {
  const chain: SentSpan[] = [];
  for (let id = sent; id !== '' && id !== from; id = chain.at(-1)?.parentId ?? '') {
    await until(() => collector.spans.some(({ spanId }) => spanId === id), `the span ${id}`);
    chain.push(collector.spans.find(({ spanId }) => spanId === id) as SentSpan);
  }
  return chain;
}

describe('a call', () => {
  test.each(['piped', 'remote'])('is one trace from the client to %s', async (server) => {
    const seen = await seenBy(app, server, { traceparent: sampled, tracestate: 'vendor=1', baggage: 'a=b' });
    const told = String(seen.meta['traceparent']);
    expect(told).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
    expect(seen.meta['tracestate']).toBe('vendor=1');
    expect(seen.meta).not.toHaveProperty('baggage');
    if (server === 'remote') expect(seen.headers).toMatchObject({ traceparent: told, tracestate: 'vendor=1' });
    const [sent, call, listener, ...rest] = await chainOf(idOf(told));
    expect(rest).toEqual([]);
    expect(sent).toMatchObject({
      name: 'tools/call seen',
      kind: 'client',
      facts: {
        'mcp.method.name': 'tools/call',
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'seen',
        'switchboard.server': server,
        'network.transport': server === 'piped' ? 'pipe' : 'tcp',
      },
      failed: false,
      service: 'switchboard',
    });
    expect(call).toMatchObject({ name: 'tools/call seen', kind: 'server', facts: { 'switchboard.endpoint': server } });
    expect(listener).toMatchObject({
      name: 'POST /mcp/{server}',
      kind: 'server',
      parentId,
      traceId,
      tracestate: 'vendor=1',
      facts: { 'http.request.method': 'POST', 'http.route': '/mcp/{server}', 'http.response.status_code': '200' },
    });
    const decision = await collector.spanNamed('decision', (span) => span.parentId === call?.spanId);
    expect(decision).toMatchObject({ kind: 'internal', traceId, facts: { 'switchboard.server': server } });
    const times = [listener, call, decision, sent].map((span) => span?.startNs ?? 0n);
    expect(times.toSorted((a, b) => Number(a - b))[0]).toBe(listener?.startNs);
    expect((sent?.startNs ?? 0n) >= (decision.startNs ?? 0n)).toBe(true);
    expect((sent?.endNs ?? 0n) <= (listener?.endNs ?? 0n)).toBe(true);
  });

  test('belongs to the trace that its `_meta` names, whatever the headers say', async () => {
    const other = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
    const seen = await seenBy(app, 'piped', { traceparent: sampled }, { traceparent: other, progressToken: 7 });
    expect(String(seen.meta['traceparent']).split('-')[1]).toBe('1'.repeat(32));
    const listener = await collector.spanNamed('POST /mcp/{server}', (span) => span.parentId === '2'.repeat(16));
    expect(listener.traceId).toBe('1'.repeat(32));
  });

  test('of a client without a session is traced too', async () => {
    const from = `00-${'3'.repeat(32)}-${'4'.repeat(16)}-01`;
    const call = { name: 'seen', arguments: {}, _meta: { traceparent: from } };
    const headers = { authorization: `Bearer ${app.token}` };
    const { reply } = await modernExchange(`${app.url}/mcp/remote`, 'tools/call', call, { headers });
    const seen = JSON.parse((reply as Json).result.content[0].text) as Seen;
    expect(seen.headers['traceparent']).toBe(seen.meta['traceparent']);
    const chain = await chainOf(idOf(seen.meta['traceparent']), '4'.repeat(16));
    expect(chain.map(({ kind }) => kind)).toEqual(['client', 'server', 'server']);
    expect(chain.at(-1)?.parentId).toBe('4'.repeat(16));
  });

  test('of a trace that is not sampled is not kept, and the server is told so', async () => {
    const id = '5'.repeat(32);
    const seen = await seenBy(app, 'remote', { traceparent: `00-${id}-${'6'.repeat(16)}-00` });
    expect(seen.meta['traceparent']).toBe(`00-${id}-${'6'.repeat(16)}-00`);
    const later = await seenBy(app, 'remote', {});
    await chainOf(idOf(later.meta['traceparent']));
    expect(collector.spans.some((span) => span.traceId === id)).toBe(false);
  });

  test.each([
    ['no trace at all', undefined],
    ['a version that is none', `ff-${traceId}-${parentId}-01`],
    ['capital letters', sampled.toUpperCase()],
    ['zeros', `00-${'0'.repeat(32)}-${parentId}-01`],
    ['more than the version has', `${sampled}-x`],
    ['a long text', `00-${'a'.repeat(8_000)}`],
  ])('with %s in its head begins a trace', async (_what, traceparent) => {
    const seen = await seenBy(app, 'piped', { ...(traceparent !== undefined && { traceparent }), tracestate: 'a=1' });
    expect(seen.meta['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(seen.meta['traceparent']).not.toContain(traceId);
    expect(seen.meta).not.toHaveProperty('tracestate');
    expect((await chainOf(idOf(seen.meta['traceparent']))).at(-1)?.parentId).toBe('');
  });
});

describe('a call that failed', () => {
  test('is found by its trace: the call, and what its server wrote', async () => {
    const id = '7'.repeat(32);
    const session = await openSession(`${app.url}/mcp/piped`, { headers: { authorization: `Bearer ${app.token}` } });
    const traceparent = `00-${id}-${'8'.repeat(16)}-01`;
    await session.request('tools/call', { name: 'fail', arguments: { secret } }, { headers: { traceparent } });
    const sent = await collector.spanNamed('tools/call fail', ({ kind }) => kind === 'client');
    expect(sent).toMatchObject({ traceId: id, failed: true, facts: { 'error.type': 'tool_error' } });
    const { body } = await app.json(`/api/monitoring/logs?traceId=${id}`);
    expect(body.data.logs.filter((log: Json) => log.source === 'calls')).toMatchObject([
      { traceId: id, server: 'piped' },
    ]);
    const [call] = (await app.client().calls.list.query({ traceId: id })).items;
    expect(call).toMatchObject({ traceId: id, name: 'fail', outcome: 'tool_error' });
    expect((await app.json(`/api/monitoring/logs?traceId=${'9'.repeat(32)}`)).body.data.logs).toEqual([]);
  });

  test('because there is no such tool has a decision that says so, and no word of the client', async () => {
    const session = await openSession(`${app.url}/mcp/piped`, { headers: { authorization: `Bearer ${app.token}` } });
    await session.request('tools/call', { name: secret, arguments: {} });
    const decision = await collector.spanNamed('decision', ({ failed }) => failed);
    expect(decision.facts).toMatchObject({ 'error.type': '-32602' });
    const call = await collector.spanNamed('tools/call', ({ spanId }) => spanId === decision.parentId);
    expect(call).toMatchObject({ failed: true, facts: { 'error.type': '-32602' } });
  });

  test('a change has its trace in the trail', async () => {
    const id = 'a'.repeat(32);
    const headers = { traceparent: `00-${id}-${'8'.repeat(16)}-01` };
    await app.json('/api/groups', { headers, body: { name: 'traced' } });
    const span = await collector.spanNamed('POST /api/groups', ({ traceId: of }) => of === id);
    expect(span).toMatchObject({ parentId: '8'.repeat(16), kind: 'server' });
    const { body } = await app.json(`/api/audit/logs?traceId=${id}`);
    expect(body.data.logs).toMatchObject([{ action: 'group.create', traceId: id }]);
  });
});

test('turns of models and nodes of graphs are spans of the request that asked for them', async () => {
  const nodes = [
    { name: 'first', model_name: 'talker', mcp_servers: ['piped'] },
    { name: 'second', model_name: 'talker', input_nodes: ['first'] },
  ];
  await app.client().graphs.save.mutate({ config: { name: 'pair', description: '', nodes } });
  const { id: server } = await app.client().graphs.show.mutate({ id: 'pair', visibility: 'private' });
  provider.script({ calls: [{ name: 'seen', arguments: { secret } }] }, { text: secret }, { text: 'two' });
  const session = await openSession(`${app.url}/mcp/${server}`, { headers: { authorization: `Bearer ${app.token}` } });
  const id = 'b'.repeat(32);
  const headers = { traceparent: `00-${id}-${'c'.repeat(16)}-01` };
  const reply = (await session.request(
    'tools/call',
    { name: 'run_pair', arguments: { input_text: secret } },
    { headers },
  )) as Json;
  expect(reply.result?.isError ?? false, JSON.stringify(reply)).toBe(false);
  const run = await collector.spanNamed('invoke_workflow pair');
  expect(run.traceId).toBe(id);
  const first = await collector.spanNamed('invoke_agent first', ({ parentId: of }) => of === run.spanId);
  await collector.spanNamed('invoke_agent second', ({ parentId: of }) => of === run.spanId);
  const turn = await collector.spanNamed('chat talker', ({ parentId: of }) => of === first.spanId);
  expect(turn).toMatchObject({
    kind: 'client',
    facts: { 'gen_ai.operation.name': 'chat', 'switchboard.model': 'talker', 'gen_ai.provider.name': 'openai' },
  });
  expect(Number(turn.facts['gen_ai.usage.input_tokens'])).toBeGreaterThan(0);
  const called = await collector.spanNamed('tools/call seen', ({ parentId: of }) => of === first.spanId);
  expect(called.kind).toBe('internal');
  await collector.spanNamed('tools/call seen', ({ parentId: of, kind }) => of === called.spanId && kind === 'client');
});

test('what Prometheus reads is sent as metrics', async () => {
  await seenBy(app, 'piped');
  await until(
    () => collector.metrics.some(({ name }) => name === 'switchboard_call_duration_seconds'),
    'durations of calls',
  );
  const durations = collector.metrics.findLast(({ name }) => name === 'switchboard_call_duration_seconds');
  const point = durations?.points.find(({ facts }) => facts['server'] === 'piped' && facts['method'] === 'tools/call');
  expect(durations?.unit).toBe('s');
  expect(point?.buckets.reduce((sum, count) => sum + count, 0)).toBe(point?.count);
  expect(point?.buckets.length).toBe((point?.bounds.length ?? 0) + 1);
  expect(collector.metrics.some(({ name, points }) => name === 'switchboard_sessions' && points.length === 1)).toBe(
    true,
  );
  const total = collector.metrics.find(({ name }) => name === 'switchboard_calls_total');
  expect(total?.points.length).toBeGreaterThan(0);
});

test('nothing that was sent has a secret, and the collector gets the headers of the settings', () => {
  expect(collector.requests.length).toBeGreaterThan(2);
  for (const { bytes, headers } of collector.requests) {
    expect(bytes.includes(secret)).toBe(false);
    expect(bytes.includes(app.token)).toBe(false);
    expect(headers).toMatchObject({ 'x-collector': secret, 'content-type': 'application/x-protobuf' });
    // What sends them is not traced itself.
    expect(headers).not.toHaveProperty('traceparent');
  }
  expect(collector.spans.some(({ facts }) => String(facts['http.route']).startsWith('/v1/'))).toBe(false);
});
