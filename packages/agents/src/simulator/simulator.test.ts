import { describe, expect, test } from 'vitest';
import { action, benchOf, parameter, textOf, valueOf, virusTotal } from './testing.ts';

const scanUrl = action('scan_url', {
  description: '扫描指定URL的安全漏洞',
  parameters: [
    parameter('target_url', { required: true, description: '目标URL' }),
    parameter('scan_type', { description: '扫描类型: quick/full' }),
  ],
});

describe('the documented exchanges', () => {
  const bench = benchOf(virusTotal([scanUrl]));

  test('initialize echoes the version and says who it is', async () => {
    const params = {
      protocolVersion: '2024-11-05',
      capabilities: {},
      clientInfo: { name: 'test-client', version: '1' },
    };
    expect(await bench.ask('initialize', params)).toEqual({
      protocolVersion: '2024-11-05',
      capabilities: { tools: {}, resources: {}, prompts: {} },
      serverInfo: { name: 'UniMCPSim', version: '1.2.3' },
    });
  });

  test('a version that is not known gets the newest of sessions', async () => {
    for (const protocolVersion of ['1999-01-01', '2026-07-28', undefined, 7]) {
      expect((await bench.ask('initialize', { protocolVersion }))['protocolVersion']).toBe('2025-11-25');
    }
  });

  test('tools/list', async () => {
    expect(await bench.ask('tools/list')).toEqual({
      tools: [
        {
          name: 'scan_url',
          description: '扫描指定URL的安全漏洞',
          inputSchema: {
            type: 'object',
            properties: {
              target_url: { type: 'string', description: '目标URL' },
              scan_type: { type: 'string', description: '扫描类型: quick/full' },
            },
            required: ['target_url'],
          },
        },
      ],
    });
  });

  test('resources/list and prompts/list', async () => {
    const { resources } = (await bench.ask('resources/list')) as { resources: unknown[] };
    expect(resources[0]).toEqual({
      uri: 'unimcpsim://Security/VirusTotal/status',
      name: '服务状态',
      description: '获取VirusTotal服务的当前状态',
      mimeType: 'application/json',
    });
    expect(await bench.ask('prompts/list')).toEqual({
      prompts: [
        {
          name: 'security_scan',
          description: '执行安全扫描任务',
          arguments: [{ name: 'target', description: '扫描目标', required: true }],
        },
      ],
    });
  });

  test('tools/call without initialize', async () => {
    const outcome = await bench.call('scan_url', { target_url: 'https://example.com', scan_type: 'quick' });
    expect(outcome.reply).toMatchObject({ jsonrpc: '2.0', id: 7, result: { content: [{ type: 'text' }] } });
    expect(valueOf(outcome)).toMatchObject({ success: true, action: 'scan_url' });
    expect(outcome.call).toMatchObject({ action: 'scan_url', mode: 'canned', outcome: 'success', number: 1 });
  });
});

describe('errors', () => {
  const bench = benchOf(virusTotal([scanUrl]));

  test.each([
    [{ jsonrpc: '2.0', id: 'x', method: 'tools/run' }, -32601, 'x'],
    [{ jsonrpc: '2.0', id: 1, method: '__proto__' }, -32601, 1],
    [{ jsonrpc: '2.0', id: 3, method: 'tools/call', params: { name: 'invalid_action' } }, -32002, 3],
    [{ jsonrpc: '2.0', id: 3, method: 'tools/call', params: { name: '__proto__' } }, -32002, 3],
    [{ jsonrpc: '2.0', id: 3, method: 'tools/call', params: { name: 'scan_url', arguments: [] } }, -32602, 3],
    [{ jsonrpc: '2.0', id: 3, method: 'tools/call' }, -32602, 3],
    [{ jsonrpc: '2.0', id: 3, method: 'resources/read', params: { uri: 'unimcpsim://A/B/status' } }, -32002, 3],
    [{ jsonrpc: '2.0', id: 3, method: 'prompts/get', params: { name: 'security_scan' } }, -32602, 3],
    [{ jsonrpc: '2.0', id: 3, method: 'server/discover' }, -32601, 3],
    [{ jsonrpc: '2.0', id: 4 }, -32600, 4],
    [{ id: 4, method: 'ping' }, -32600, 4],
    [{ jsonrpc: '2.0', id: 4, method: 'ping', params: 'x' }, -32600, 4],
    [{ jsonrpc: '2.0', id: null, method: 'ping' }, -32600, null],
    ['ping', -32600, null],
    [[], -32600, null],
    [null, -32600, null],
  ])('%j is refused with %i', async (message, code, id) => {
    const { reply } = await bench.send(message);
    expect(reply).toMatchObject({ jsonrpc: '2.0', id, error: { code } });
  });

  test('an unknown action is named as documented', async () => {
    const { reply } = await bench.call('invalid_action');
    expect(reply).toEqual({
      jsonrpc: '2.0',
      id: 7,
      error: { code: -32002, message: 'Action not found: invalid_action' },
    });
  });

  test('every field that is wrong is told', async () => {
    const typed = benchOf(
      virusTotal([
        action('scan', {
          parameters: [
            parameter('url', { required: true }),
            parameter('port', { type: 'Integer' }),
            parameter('mode', { options: ['quick', 'full'] }),
          ],
        }),
      ]),
    );
    const { reply, call } = await typed.call('scan', { port: 'eighty', mode: 'slow' });
    expect(reply).toMatchObject({ error: { code: -32602 } });
    const { error } = reply as unknown as { error: { data: { fields: { field: string; problem: string }[] } } };
    const wrong = Object.fromEntries(error.data.fields.map(({ field, problem }) => [field, problem]));
    expect(wrong).toEqual({ mode: 'enum', port: 'type', url: 'required' });
    expect(call).toMatchObject({ outcome: 'rpc-error', mode: null, arguments: { port: 'eighty', mode: 'slow' } });
  });

  test('notifications and answers come to nothing', async () => {
    for (const message of [
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', method: 'whatever' },
      { jsonrpc: '2.0', id: 1, result: {} },
    ]) {
      expect(await bench.send(message)).toMatchObject({ reply: null, call: null });
    }
  });
});

describe('requests that stand alone (2026-07-28)', () => {
  const bench = benchOf(virusTotal([scanUrl]));
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  };

  test('server/discover and lists say how long they hold and who answers', async () => {
    for (const method of ['server/discover', 'tools/list', 'resources/list', 'prompts/list']) {
      expect(await bench.ask(method, { _meta: meta })).toMatchObject({
        resultType: 'complete',
        ttlMs: 0,
        cacheScope: 'private',
        _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'UniMCPSim' } },
      });
    }
  });

  test('a call has its type, and what sessions had is gone', async () => {
    const { reply } = await bench.call('scan_url', { target_url: 'https://example.com' }, meta);
    expect(reply).toMatchObject({ result: { resultType: 'complete', structuredContent: { success: true } } });
    for (const method of ['initialize', 'ping', 'logging/setLevel']) {
      const refused = await bench.send({ jsonrpc: '2.0', id: 1, method, params: { _meta: meta } });
      expect(refused.reply).toMatchObject({ error: { code: -32601 } });
    }
  });

  test('an unknown revision is told which there are', async () => {
    const later = { ...meta, 'io.modelcontextprotocol/protocolVersion': '2027-01-01' };
    const { reply } = await bench.send({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: later } });
    expect(reply).toMatchObject({ error: { code: -32022, data: { supported: ['2026-07-28'] } } });
  });
});

describe('what an answer is', () => {
  const answers = [{ mode: 'static' as const, value: { 名称: '扫描', score: 3 } }];

  test('is pretty JSON that keeps its letters, and for newer clients content for programs', async () => {
    for (const [version, structured] of [
      ['2024-11-05', undefined],
      ['2025-03-26', undefined],
      ['2025-06-18', { 名称: '扫描', score: 3 }],
      [null, { 名称: '扫描', score: 3 }],
    ] as const) {
      const bench = benchOf(virusTotal([action('scan', { answers })]), { scope: { version } });
      const outcome = await bench.call('scan');
      expect(textOf(outcome)).toBe('{\n  "名称": "扫描",\n  "score": 3\n}');
      const { reply } = outcome;
      expect(reply !== null && 'result' in reply && reply.result['structuredContent']).toEqual(structured);
    }
  });

  test('names of actions say what is canned', async () => {
    const names = ['send_text_message', 'query_ip', 'create_ticket', 'run_command', 'get_host_status', 'anything'];
    const bench = benchOf(virusTotal(names.map((name) => action(name))));
    const keys = await Promise.all(names.map(async (name) => Object.keys(valueOf(await bench.call(name)))[1]));
    expect(keys).toEqual(['message_id', 'ip', 'ticket_id', 'command', 'product', 'app']);
  });

  test('defaults stand in for what is missing, and nulls are taken for missing', async () => {
    const bench = benchOf(
      virusTotal([
        action('echo', {
          parameters: [parameter('level', { type: 'Int', default: '3' }), parameter('name')],
          answers: [{ mode: 'template', body: '{{ arguments | json }}' }],
        }),
      ]),
    );
    expect(valueOf(await bench.call('echo', { name: null }))).toEqual({ level: 3 });
  });
});
