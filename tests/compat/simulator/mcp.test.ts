import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Json } from '../../support/app.ts';
import { addPerson } from '../../support/people.ts';
import { type CompatApp, createCompatApp } from '../compat-app.ts';
import { verifies } from '../verifies.ts';

const run = promisify(execFile);
const token = 'demo-token-123';

let app: CompatApp;
beforeAll(async () => {
  app = await createCompatApp({ SIMULATOR_DEMO: 'true' });
});
afterAll(() => app.stop());
beforeEach(async () => {
  await app.connection.run('update app_tokens set state = null, enabled = true', []);
  await app.core.deps.simulator.load();
});

type Headers = Record<string, string>;

async function post(
  path: string,
  body: unknown,
  { headers = {}, as = token }: { headers?: Headers; as?: string | null } = {},
) {
  const query = as === null ? '' : `?token=${as}`;
  const response = await fetch(`${app.url}${path}${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: readJson(text) };
}
function readJson(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
function rpc(method: string, params?: object, id: number | string = 1) {
  return { jsonrpc: '2.0', method, ...(params && { params }), id };
}
function call(name: string, given: object, id = 1) {
  return rpc('tools/call', { name, arguments: given }, id);
}
const virusTotal = '/Security/VirusTotal';

verifies(46, 'is healthy, and says its version', async () => {
  const { status, body } = await app.json('/health', { auth: false });
  expect([status, body]).toMatchObject([
    200,
    { status: 'healthy', service: expect.any(String), version: expect.any(String) },
  ]);
});

describe.each(['', '/sim'])('a product below %j', (prefix) => {
  const path = `${prefix}${virusTotal}`;

  verifies(47, 'initialize', async () => {
    const clientInfo = { name: 'test-client', version: '1.0.0' };
    const params = { protocolVersion: '2024-11-05', capabilities: {}, clientInfo };
    const { status, body } = await post(path, rpc('initialize', params));
    expect([status, body]).toEqual([
      200,
      {
        jsonrpc: '2.0',
        result: {
          protocolVersion: '2024-11-05',
          capabilities: { tools: {}, resources: {}, prompts: {} },
          serverInfo: { name: 'UniMCPSim', version: expect.any(String) },
        },
        id: 1,
      },
    ]);
    const unknown = await post(path, rpc('initialize', { ...params, protocolVersion: '1999-01-01' }));
    expect(unknown.body.result.protocolVersion).toBe('2025-11-25');
  });
  verifies(47, 'tools/list', async () => {
    const { status, body } = await post(path, rpc('tools/list'));
    expect(status).toBe(200);
    const scan = body.result.tools.find((tool: Json) => tool.name === 'scan_url');
    expect(scan.inputSchema).toMatchObject({ type: 'object', required: ['target_url'] });
    expect(scan.inputSchema.properties.scan_type).toMatchObject({ type: 'string', enum: ['quick', 'full'] });
  });
  verifies(47, 'tools/call', async () => {
    const { status, body } = await post(
      path,
      call('scan_url', { target_url: 'https://example.com', scan_type: 'quick' }, 2),
    );
    expect([status, body.id]).toEqual([200, 2]);
    expect(readJson(body.result.content[0].text)).toEqual(body.result.structuredContent);
  });
  verifies(47, 'resources/list', async () => {
    const { body } = await post(path, rpc('resources/list'));
    expect(body.result.resources[0]).toEqual({
      uri: 'unimcpsim://Security/VirusTotal/status',
      name: '服务状态',
      description: '获取VirusTotal服务的当前状态',
      mimeType: 'application/json',
    });
    const read = await post(path, rpc('resources/read', { uri: 'unimcpsim://Security/VirusTotal/status' }));
    expect(readJson(read.body.result.contents[0].text)).toMatchObject({ category: 'Security', status: 'running' });
  });
  verifies(47, 'prompts/list', async () => {
    const { body } = await post(path, rpc('prompts/list'));
    expect(body.result.prompts).toEqual([
      {
        name: 'security_scan',
        description: '执行安全扫描任务',
        arguments: [{ name: 'target', description: '扫描目标', required: true }],
      },
    ]);
    const got = await post(path, rpc('prompts/get', { name: 'security_scan', arguments: { target: '10.0.0.1' } }));
    expect(JSON.stringify(got.body.result.messages)).toContain('10.0.0.1');
  });

  verifies(47, 'refuses tokens, apps and actions with the documented errors and statuses', async () => {
    const invalid = { code: -32_000, message: 'Invalid or missing token' };
    for (const as of [null, '', 'wrong', 'demo-token-1234']) {
      const { status, body } = await post(path, rpc('tools/list', undefined, 7), { as });
      expect([status, body], String(as)).toEqual([401, { jsonrpc: '2.0', error: invalid, id: 7 }]);
    }
    await app.connection.run('update app_tokens set enabled = false', []);
    await app.core.deps.simulator.load();
    expect((await post(path, rpc('tools/list'))).status).toBe(401);
    await app.connection.run('update app_tokens set enabled = true', []);
    await app.core.deps.simulator.load();
    const absent = await post(`${prefix}/Security/InvalidApp`, rpc('tools/list'));
    expect([absent.status, absent.body.error]).toEqual([
      404,
      { code: -32_001, message: 'Application not found: Security/InvalidApp' },
    ]);
    const { token: other } = await app.client().apps.tokens.create.mutate({});
    const denied = await post(path, rpc('tools/list'), { as: other });
    expect([denied.status, denied.body.error.code]).toEqual([403, -32_000]);
    const unknown = await post(path, call('invalid_action', {}));
    expect([unknown.status, unknown.body.error]).toEqual([
      200,
      { code: -32_002, message: 'Action not found: invalid_action' },
    ]);
  });
  verifies(47, 'refuses what is no request with the documented errors', async () => {
    const cases: [unknown, number, number][] = [
      ['{oops', 400, -32_700],
      ['', 400, -32_700],
      ['"text"', 400, -32_600],
      [{ method: 'tools/list', id: 1 }, 400, -32_600],
      [[], 400, -32_600],
      [rpc('no/such'), 200, -32_601],
      [call('scan_url', {}), 200, -32_602],
      [call('scan_url', { target_url: 7 }), 200, -32_602],
      [call('scan_url', { target_url: 'https://a', scan_type: 'slow' }), 200, -32_602],
      [`${'['.repeat(5_000)}${']'.repeat(5_000)}`, 400, -32_600],
    ];
    for (const [body, status, code] of cases) {
      const answer = await post(path, body);
      expect([answer.status, answer.body?.error?.code], JSON.stringify(body).slice(0, 80)).toEqual([status, code]);
    }
    const missing = await post(path, call('scan_url', {}));
    expect(missing.body.error.data.fields).toMatchObject([{ field: 'target_url' }]);
  });
  verifies(47, 'answers by what is accepted', async () => {
    const forms: [string, number, string][] = [
      ['*/*', 200, 'application/json'],
      ['application/json', 200, 'application/json'],
      ['application/json, text/event-stream', 200, 'application/json'],
      ['text/event-stream', 200, 'text/event-stream'],
      ['text/html', 406, 'application/json'],
      ['application/json;q=0, text/html', 406, 'application/json'],
    ];
    for (const [accept, status, type] of forms) {
      const answer = await post(path, rpc('ping'), { headers: { accept } });
      expect([answer.status, answer.headers.get('content-type')?.split(';')[0]], accept).toEqual([status, type]);
    }
    const event = await post(path, rpc('ping'), { headers: { accept: 'text/event-stream' } });
    expect(event.text).toBe('event: message\ndata: {"jsonrpc":"2.0","id":1,"result":{}}\n\n');
  });
  verifies(47, 'takes notifications, batches, bearer tokens, and says what it is', async () => {
    expect((await post(path, { jsonrpc: '2.0', method: 'notifications/initialized' })).status).toBe(202);
    const batch = await post(path, [
      rpc('ping', undefined, 1),
      { jsonrpc: '2.0', method: 'notifications/x' },
      rpc('ping', undefined, 'b'),
    ]);
    expect(batch.body.map(({ id }: Json) => id)).toEqual([1, 'b']);
    expect(
      (
        await post(
          path,
          Array.from({ length: 101 }, () => rpc('ping')),
        )
      ).status,
    ).toBe(400);
    const bearer = await post(path, rpc('ping'), { as: null, headers: { authorization: `Bearer ${token}` } });
    expect(bearer.status).toBe(200);
    const about = await fetch(`${app.url}${path}?token=${token}`);
    expect(await about.json()).toMatchObject({ category: 'Security', name: 'VirusTotal', actions: expect.any(Array) });
    const listening = await fetch(`${app.url}${path}?token=${token}`, { headers: { accept: 'text/event-stream' } });
    expect([listening.status, listening.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
    expect((await fetch(`${app.url}${path}?token=${token}`, { method: 'PUT' })).status).toBe(405);
    expect((await fetch(`${app.url}${path}`, { method: 'OPTIONS' })).status).toBe(204);
    // Without a token nothing tells a product that is there from one that is not.
    async function told(where: string) {
      const response = await fetch(`${app.url}${prefix}${where}`);
      return [response.status, (await response.text()).replaceAll(/Ghost|VirusTotal/g, '…')];
    }
    expect(await told('/Security/VirusTotal')).toEqual(await told('/Security/Ghost'));
  });
});

describe('the samples of the document', () => {
  const query = { ip: '8.8.8.8' };
  verifies(47, 'curl', async () => {
    const body = await app.curl(
      `curl -X POST "http://localhost:9090/Security/VirusTotal?token=demo-token-123" \\
  -H "Content-Type: application/json" \\
  -d '{
    "jsonrpc": "2.0",
    "method": "tools/call",
    "params": {
      "name": "query_ip",
      "arguments": {
        "ip": "8.8.8.8"
      }
    },
    "id": 1
  }'`,
      { 'http://localhost:9090': app.url },
    );
    expect(readJson(body.result.content[0].text)).toMatchObject(query);
  });
  verifies(47, 'Python with the standard library', async () => {
    const program = `
import json, sys, urllib.request
request = urllib.request.Request(sys.argv[1], data=json.dumps({"jsonrpc": "2.0", "method": "tools/call",
    "params": {"name": "query_ip", "arguments": {"ip": "8.8.8.8"}}, "id": 1}).encode(),
    headers={"Content-Type": "application/json", "Accept": "*/*"})
print(urllib.request.urlopen(request).read().decode())`;
    const { stdout } = await run('python3', ['-c', program, `${app.url}${virusTotal}?token=${token}`]);
    expect(readJson(stdout).result.content[0].type).toBe('text');
  });
  verifies(47, 'JavaScript', async () => {
    const response = await fetch(`${app.url}${virusTotal}?token=demo-token-123`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        jsonrpc: '2.0',
        method: 'tools/call',
        params: { name: 'query_ip', arguments: query },
        id: 1,
      }),
    });
    expect(((await response.json()) as Json).result.content[0].type).toBe('text');
  });
});

describe('state', () => {
  const hids = '/sim/HIDS/QingTengYun-HIDS';
  test('an isolated host is isolated for whoever isolated it, and for nobody else', async () => {
    async function statusFor(as: string): Promise<string> {
      const { body } = await post(hids, call('get_host_status', { host_id: 'H-1001' }), { as });
      return body.result.structuredContent.status;
    }
    expect(await statusFor(token)).toBe('normal');
    await post(hids, call('isolate_host', { host_id: 'H-1001' }));
    expect(await statusFor(token)).toBe('isolated');
    const made = await app.client().apps.tokens.create.mutate({ apps: ['HIDS/QingTengYun-HIDS'] });
    expect(await statusFor(made.token)).toBe('normal');
    await app.client().apps.tokens.remove.mutate({ id: made.id });
  });
  test('loses no change of 200 calls at once', async () => {
    const counter = await app.client().apps.create.mutate({
      category: 'Test',
      name: 'Counter',
      displayName: 'Counter',
      initialState: { count: 0 },
      actions: [
        {
          name: 'add',
          answers: [{ mode: 'template', body: '{"count":{{ state.count }}}' }],
          changes: '[{"op":"replace","path":"/count","value":{{ state.count | plus: 1 }}}]',
        },
      ],
    });
    const made = await app.client().apps.tokens.create.mutate({ apps: [counter.id] });
    const calls = Array.from({ length: 200 }, (_, id) =>
      post('/Test/Counter', call('add', {}, id), { as: made.token }),
    );
    const counts = (await Promise.all(calls)).map(({ body }) => body.result.structuredContent.count);
    expect(counts.sort((one, other) => one - other)).toEqual(Array.from({ length: 200 }, (_, at) => at));
    expect((await app.client().apps.state.get.query({ id: made.id })).state).toEqual({ count: 200 });
  });
});

describe('what a token called', () => {
  test('is told to it, checked, and forgotten', async () => {
    const made = await app.client().apps.tokens.create.mutate({ apps: ['Security/VirusTotal'] });
    const as = made.token;
    await post(virusTotal, call('query_ip', { ip: '10.0.0.1' }), { as });
    await post(virusTotal, call('scan_url', { target_url: 'https://a.example' }), { as });
    const where = `${app.url}/sim${virusTotal}/calls?token=${as}`;
    const told = (await (await fetch(where)).json()) as Json;
    expect(told.calls.map((one: Json) => [one.number, one.action, one.arguments.ip])).toEqual([
      [1, 'query_ip', '10.0.0.1'],
      [2, 'scan_url', undefined],
    ]);
    const expectations = [
      { called: 'query_ip', with: { ip: '10.0.0.1' }, times: 1 },
      { never: 'scan_file' },
      { order: ['query_ip', 'scan_url'] },
      { order: ['scan_url', 'query_ip'] },
      { calls: { atMost: 2 } },
    ];
    const checked = await post(`/sim${virusTotal}/checks`, { expectations }, { as });
    expect([checked.status, checked.body.passed, checked.body.failed]).toEqual([200, 4, 1]);
    const report = await post(
      `/sim${virusTotal}/checks`,
      { expectations },
      { as, headers: { accept: 'application/xml' } },
    );
    expect(report.text).toContain('tests="5" failures="1"');
    const wrong = await post(`/sim${virusTotal}/checks`, { expectations: [{ calld: 'x' }] }, { as });
    expect(wrong.status).toBe(400);
    const endless = { expectations: [{ called: 'query_ip', with: { ip: 'x'.repeat(3_000) } }] };
    expect((await post(`/sim${virusTotal}/checks`, endless, { as })).status).toBe(400);
    await fetch(where, { method: 'DELETE' });
    expect(await (await fetch(where)).json()).toEqual({ calls: [], total: 0 });
    expect((await fetch(`${app.url}/sim${virusTotal}/calls?token=wrong`)).status).toBe(401);
  });
});

describe('faults', () => {
  async function withFaults(faults: Json[]) {
    return await app.client().apps.tokens.create.mutate({ apps: ['Security/VirusTotal'], faults });
  }
  const ask = call('query_ip', { ip: '8.8.8.8' }, 9);
  test('of the wire come over the wire', async () => {
    const status = await withFaults([{ kind: 'http-status', status: 503, message: 'Down for maintenance' }]);
    expect((await post(virusTotal, ask, { as: status.token })).status).toBe(503);
    const limited = await withFaults([{ kind: 'rate-limit', perMinute: 1 }]);
    expect((await post(virusTotal, ask, { as: limited.token })).status).toBe(200);
    const refused = await post(virusTotal, ask, { as: limited.token });
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true]);
    const cut = await withFaults([{ kind: 'cut' }]);
    await expect(post(virusTotal, ask, { as: cut.token })).rejects.toThrow('terminated');
    const malformed = await post(virusTotal, ask, { as: (await withFaults([{ kind: 'malformed' }])).token });
    expect([malformed.status, malformed.body]).toEqual([200, null]);
    const other = await post(virusTotal, ask, { as: (await withFaults([{ kind: 'wrong-id' }])).token });
    expect(other.body.id).not.toBe(9);
    const drip = await post(virusTotal, ask, { as: (await withFaults([{ kind: 'drip', ms: 100 }])).token });
    expect(drip.body.id).toBe(9);
  });
  test('of one owner hold so many connections, and nobody else', async () => {
    const person = await addPerson(app, 'waiting');
    const apps = ['Security/VirusTotal'];
    const slow = await person.client().apps.tokens.create.mutate({ apps, faults: [{ kind: 'timeout', ms: 60_000 }] });
    const given = new AbortController();
    const init = { method: 'POST', body: JSON.stringify(ask), headers: { 'content-type': 'application/json' } };
    const url = `${app.url}${virusTotal}?token=${slow.token}`;
    const statuses = Array.from({ length: 520 }, () =>
      fetch(url, { ...init, signal: given.signal }).then(
        ({ status }) => status,
        () => null,
      ),
    );
    expect(
      await Promise.any(statuses.map(async (status) => ((await status) === 429 ? 429 : Promise.reject(new Error())))),
    ).toBe(429);
    expect((await post(virusTotal, ask)).status).toBe(200);
    given.abort();
    await Promise.all(statuses);
    await expect.poll(async () => (await post(virusTotal, rpc('ping'), { as: slow.token })).status).toBe(200);
  });
  test('the same seed gives the same bytes', async () => {
    const seeded = {
      apps: ['Security/VirusTotal'],
      seed: 'one',
      faults: [{ kind: 'tool-error' as const, message: 'Busy', rate: 0.5 }],
    };
    async function answers() {
      const made = await app.client().apps.tokens.create.mutate(seeded);
      const texts: string[] = [];
      for (let at = 0; at < 12; at += 1) texts.push((await post(virusTotal, ask, { as: made.token })).text);
      return texts;
    }
    const first = await answers();
    expect(first.some((text) => text.includes('Busy')) && !first.every((text) => text.includes('Busy'))).toBe(true);
    expect(await answers()).toEqual(first);
  });
});
