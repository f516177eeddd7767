import { spawn } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Json } from '../../support/app.ts';
import { verifies } from '../verifies.ts';
import { model, openTalk, type Talk } from './talk.ts';

let talk: Talk;
beforeAll(async () => {
  talk = await openTalk();
});
afterAll(() => talk[Symbol.asyncDispose]());
beforeEach(async () => {
  talk.provider.forget();
  await talk.app.connection.run('delete from conversations', []);
  await talk.app.connection.run('delete from graphs', []);
});

function send(method: string, path: string, body?: Json) {
  return talk.app.json(`/graphs${path}`, { method, ...(body !== undefined && { body }) });
}
function save(graph: Json) {
  return send('POST', '', graph);
}
function node(name: string, more: Json = {}): Json {
  return { name, model_name: model, ...more };
}
function curl(example: string) {
  return talk.app.curl(example, { 'http://localhost:8000': talk.app.url });
}
const mine = { name: 'my_graph', description: '我的图', nodes: [node('node1', { system_prompt: '你是一个助手' })] };

async function execute(body: Json, path = '/graphs/execute'): Promise<Json[]> {
  const response = await talk.app.fetch(path, { body });
  if (response.status !== 200) throw new Error(await response.text());
  const events = (await response.text()).split('\n\n').filter((event) => event.startsWith('data: '));
  return events.map((event) => {
    const data = event.slice('data: '.length);
    return data === '[DONE]' ? data : JSON.parse(data);
  });
}
function completed(events: readonly Json[]): Json {
  return events.find((event) => event.type === 'graph_complete');
}
/** What is told beside the pieces of answers. */
function steps(events: readonly Json[]): string[] {
  return events.flatMap((event) => {
    if (event === '[DONE]') return ['[DONE]'];
    if (event.object !== undefined) return [];
    return [[event.type ?? (event.error ? 'error' : event.role), event.node_name].filter(Boolean).join(' ')];
  });
}

describe('graphs', () => {
  verifies(76, 'stores the graph of the document, and replaces it', async () => {
    expect(await save(mine)).toMatchObject({
      status: 200,
      body: { status: 'success', message: "图 'my_graph' 保存成功" },
    });
    expect(await save({ ...mine, description: 'New' })).toMatchObject({ status: 200 });
    expect((await send('GET', '/my_graph')).body).toMatchObject({ name: 'my_graph', description: 'New' });
  });

  verifies(76, 'takes the curl line of the document', async () => {
    const answer = await curl(`curl -X POST http://localhost:8000/graphs \\
      -H "Content-Type: application/json" \\
      -d '{
        "name": "my_graph",
        "nodes": [
          {
            "name": "node1",
            "model_name": "gpt-4"
          }
        ]
      }'`);
    expect(answer).toMatchObject({ status: 'success' });
  });

  verifies(76, 'refuses with one reason what cannot run', async () => {
    const cases: [Json, number, RegExp][] = [
      [{ name: 'g', nodes: [] }, 400, /at least one node/],
      [{ name: 'g', nodes: [node('a', { model_name: 'ghost' })] }, 400, /model 'ghost'/],
      [{ name: 'g', nodes: [node('a', { mcp_servers: ['ghost'] })] }, 400, /server 'ghost'/],
      [{ name: 'g', nodes: [node('a', { input_nodes: ['b'] })] }, 400, /'b' as an input/],
      [{ name: 'g', nodes: [node('a'), node('a')] }, 400, /Two nodes/],
      [{ name: 'g', nodes: [{ name: 's', is_subgraph: true, subgraph_name: 'g' }] }, 400, /within itself/],
      [{ name: 'execute', nodes: [node('a')] }, 400, /reserved/],
      [{ name: 'a.b', nodes: [node('a')] }, 400, /without/],
    ];
    for (const [graph, status, reason] of cases) {
      const answer = await save(graph);
      expect([answer.status, answer.body.detail], JSON.stringify(graph)).toEqual([
        status,
        expect.stringMatching(reason),
      ]);
    }
    expect(await save({ name: 'g', nodes: 'none' })).toMatchObject({ status: 422 });
    expect((await send('GET', '')).body).toEqual([]);
  });

  verifies(73, 'lists names', async () => {
    await save({ ...mine, name: 'graph2' });
    await save({ ...mine, name: 'graph1' });
    expect(await send('GET', '')).toMatchObject({ status: 200, body: ['graph1', 'graph2'] });
    expect((await talk.app.json('/api/graphs')).body).toEqual(['graph1', 'graph2']);
  });

  verifies(74, 'shows a graph with the fields that its author kept in it', async () => {
    await save({ ...mine, nodes: [node('node1', { color: 'red', position: { x: 1, y: 2 } })], team: 'x' });
    const { status, body } = await send('GET', '/my_graph');
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({
        name: 'my_graph',
        team: 'x',
        nodes: [expect.objectContaining({ name: 'node1', color: 'red', position: { x: 1, y: 2 }, level: 0 })],
      }),
    ]);
    expect(await send('GET', '/ghost')).toMatchObject({ status: 404, body: { detail: expect.any(String) } });
  });

  verifies(75, 'gives a readme with a flow chart', async () => {
    await save(mine);
    const { status, body } = await send('GET', '/my_graph/readme');
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: 'my_graph', config: { name: 'my_graph' } });
    expect(body.readme).toContain('# my\\_graph');
    expect(body.readme).toContain('```mermaid');
    expect(await send('GET', '/ghost/readme')).toMatchObject({ status: 404 });
  });

  verifies(77, 'deletes a graph', async () => {
    await save(mine);
    expect(await send('DELETE', '/my_graph')).toMatchObject({
      status: 200,
      body: { status: 'success', message: "图 'my_graph' 删除成功" },
    });
    expect(await send('DELETE', '/my_graph')).toMatchObject({ status: 404 });
  });

  verifies(78, 'renames a graph, and what contains it follows', async () => {
    await save({ ...mine, name: 'old_name' });
    await save({ name: 'outer', nodes: [{ name: 's', is_subgraph: true, subgraph_name: 'old_name' }] });
    expect(await send('PUT', '/old_name/rename/new_name')).toMatchObject({
      status: 200,
      body: { status: 'success', message: "图 'old_name' 重命名为 'new_name' 成功" },
    });
    expect((await send('GET', '/outer')).body.nodes[0].subgraph_name).toBe('new_name');
    expect(await send('PUT', '/outer/rename/new_name')).toMatchObject({ status: 400 });
    expect(await send('PUT', '/old_name/rename/other')).toMatchObject({ status: 404 });
  });

  verifies(79, 'gives programs that serve the graph as an MCP tool', async () => {
    await save(mine);
    const { status, body } = await send('GET', '/my_graph/generate_mcp');
    expect([status, body.graph_name, body.default_script, body.sequential_script]).toEqual([
      200,
      'my_graph',
      body.script,
      body.script,
    ]);
    expect(await send('GET', '/ghost/generate_mcp')).toMatchObject({ status: 404 });
    for (const [program, script] of [
      ['python3', body.script],
      [process.execPath, body.node_script],
    ] as const) {
      talk.provider.script({ text: '做好了' });
      const replies = await speak(program, script);
      expect(replies[1].result.tools[0]).toMatchObject({ name: 'run_my_graph', inputSchema: { type: 'object' } });
      expect(replies[2].result, program).toMatchObject({
        isError: false,
        content: [{ type: 'text', text: '做好了' }],
        structuredContent: { result: '做好了', conversation_id: expect.stringMatching(/^my_graph_/) },
      });
    }
  });
});

/** Runs a program and gives what it answers to three requests over stdio. */
async function speak(program: string, script: string): Promise<Json[]> {
  const flags = program === 'python3' ? ['-c', script] : ['--input-type=module', '-e', script];
  const env = { PATH: process.env['PATH'], SWITCHBOARD_API_KEY: talk.app.token };
  const child = spawn(program, flags, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const requests = [
    { id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18' } },
    { id: 2, method: 'tools/list' },
    { id: 3, method: 'tools/call', params: { name: 'run_my_graph', arguments: { input_text: '开始' } } },
  ];
  child.stdin.end(requests.map((request) => `${JSON.stringify({ jsonrpc: '2.0', ...request })}\n`).join(''));
  let told = '';
  for await (const piece of child.stdout) told += String(piece);
  return told
    .trimEnd()
    .split('\n')
    .map((line): Json => JSON.parse(line));
}

describe('a run', () => {
  verifies(80, 'streams what every node says, and the result', async () => {
    await save(mine);
    talk.provider.script({ text: '你好！' });
    const events = await execute({ graph_name: 'my_graph', input_text: '测试输入' });
    expect(events[0]).toEqual({ type: 'conversation_created', conversation_id: expect.stringMatching(/^my_graph_/) });
    expect(steps(events)).toEqual([
      'conversation_created',
      'node_start start',
      'node_end start',
      'node_start node1',
      'node_end node1',
      'graph_complete',
      '[DONE]',
    ]);
    const chunks = events.filter((event) => event.object === 'chat.completion.chunk');
    expect(chunks.length).toBeGreaterThan(0);
    expect(new Set(chunks.map((chunk) => chunk.node_name))).toEqual(new Set(['node1']));
    expect(completed(events)).toEqual({
      type: 'graph_complete',
      final_result: '你好！',
      execution_chain: [['start', 'node1']],
    });
    const [asked] = talk.provider.requests;
    expect(asked?.body?.['messages']).toEqual([
      { role: 'system', content: '你是一个助手' },
      { role: 'user', content: '测试输入' },
    ]);
  });

  verifies(80, 'takes the id that the caller chose, and shows the run as a conversation', async () => {
    await save(mine);
    talk.provider.script({ text: 'One' });
    await execute({ graph_name: 'my_graph', input_text: '输入内容', conversation_id: 'conv_123' });
    const { body } = await talk.app.json('/chat/conversations/conv_123');
    expect(body).toMatchObject({
      conversation_id: 'conv_123',
      type: 'graph',
      generation_type: 'graph_run',
      execution_chain: [['start', 'node1']],
      final_result: 'One',
      completed: true,
      rounds: [
        { round: 1, node_name: 'start', level: 0, messages: [{ role: 'user', content: '输入内容' }] },
        { round: 2, node_name: 'node1', level: 0, output_enabled: true, mcp_servers: [] },
      ],
    });
    const listed = (await talk.app.json('/chat/conversations')).body.conversations;
    expect(listed).toEqual([expect.objectContaining({ conversation_id: 'conv_123', type: 'graph', round_count: 1 })]);
  });

  verifies(80, 'stops at a node that fails, and goes on there', async () => {
    await save({
      name: 'two',
      nodes: [node('a', { input_nodes: ['start'] }), node('b', { input_nodes: ['a'], output_nodes: ['end'] })],
    });
    talk.provider.script({ text: 'A' }, { status: 400 });
    const failed = await execute({ graph_name: 'two', input_text: 'x', conversation_id: 'c' });
    expect(steps(failed).slice(-2)).toEqual(['error', '[DONE]']);
    expect(failed.at(-2)).toMatchObject({
      error: { type: 'execution_error', message: expect.stringMatching(/^Node 'b' failed: /) },
    });
    talk.provider.forget();
    talk.provider.script({ text: 'B' });
    const resumed = await execute({ graph_name: 'two', conversation_id: 'c' });
    expect(completed(resumed)).toMatchObject({ final_result: 'B', execution_chain: [['start', 'a'], ['b']] });
    expect(talk.provider.requests).toHaveLength(1);
    const again = await execute({ graph_name: 'two', conversation_id: 'c' });
    expect(completed(again)).toEqual(completed(resumed));
    expect(talk.provider.requests).toHaveLength(1);
  });

  verifies(80, 'calls the tools of a node, and hands over as often as it may', async () => {
    await save({
      name: 'loop',
      nodes: [
        node('write', { input_nodes: ['start'], output_nodes: ['check'], mcp_servers: ['alpha'] }),
        node('check', { input_nodes: ['write'], output_nodes: ['write', 'end'], handoffs: 1 }),
      ],
      end_template: 'W {write:all} / C {check}',
    });
    talk.provider.script(
      { calls: [{ name: 'structured', arguments: { n: 21 } }] },
      { text: 'W1' },
      { calls: [{ name: 'transfer_to_write', arguments: {} }] },
      { text: 'W2' },
      { text: 'C2' },
    );
    const events = await execute({ graph_name: 'loop', input_text: 'x' });
    expect(events.filter((event) => event.role === 'tool')).toEqual([
      expect.objectContaining({ node_name: 'write', content: expect.stringContaining('42') }),
      expect.objectContaining({ node_name: 'check', content: expect.stringContaining('write') }),
    ]);
    expect(completed(events)).toMatchObject({
      final_result: 'W W1\n\n---\n\nW2 / C C2',
      execution_chain: [['start', 'write'], ['check'], ['write'], ['check']],
    });
  });

  verifies(80, 'answers at once in the background', async () => {
    await save(mine);
    talk.provider.script({ text: 'Later' });
    const { status, body } = await send('POST', '/execute', {
      graph_name: 'my_graph',
      input_text: 'x',
      conversation_id: 'bg',
      background: true,
    });
    expect([status, body]).toEqual([200, { status: 'started', conversation_id: 'bg', message: expect.any(String) }]);
    await expect
      .poll(async () => (await talk.app.json('/chat/conversations/bg')).body.final_result, { timeout: 60_000 })
      .toBe('Later');
  });

  test('an unknown graph is 404, and nobody speaks in a run', async () => {
    expect(await send('POST', '/execute', { graph_name: 'ghost', input_text: 'x' })).toMatchObject({ status: 404 });
    await save(mine);
    talk.provider.script({ text: 'One' });
    await execute({ graph_name: 'my_graph', input_text: 'x', conversation_id: 'c' });
    expect(await talk.say({ conversation_id: 'c' })).toMatchObject({ status: 409 });
  });
});
