import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { graphConfig } from '../graphs/schema.ts';
import { graphPrompt, toolPrompt, type Described } from './index.ts';

const may: Described = {
  models: [{ name: 'gpt', description: 'takes images' }],
  servers: [
    { name: 'weather', tools: [{ name: 'forecast', description: 'Says\nwhat {MODELS_DESCRIPTION} comes' }] },
    { name: 'asleep', tools: null },
  ],
};
const graph = graphConfig.parse({ name: 'g', nodes: [{ name: 'a', model_name: 'gpt', system_prompt: 'Be brief.' }] });

test('a prompt lists models and tools, each on a line, and fills nothing in what they say', () => {
  const prompt = graphPrompt(may);
  expect(prompt).toContain('\n- gpt: takes images\n');
  expect(prompt).toContain(
    '\n- weather\n  - forecast: Says what {MODELS_DESCRIPTION} comes\n- asleep (its tools are not known yet)\n',
  );
  expect(prompt).not.toContain('{TOOLS_DESCRIPTION}');
  expect(prompt).not.toContain('GRAPH_CONFIG');
  expect(graphPrompt({ models: [], servers: [] })).toContain('There is no model that the person may use.');
});

test('a prompt for a change has the graph, or the place for it', () => {
  expect(graphPrompt(may, 'unknown')).toContain('{GRAPH_CONFIG}');
  const prompt = graphPrompt(may, graph);
  expect(prompt).not.toContain('{GRAPH_CONFIG}');
  expect(JSON.parse(prompt.slice(prompt.lastIndexOf('\n{')))).toEqual(graph);
});

test('what a prompt lists is bounded, and what is left out is told', () => {
  const servers = Array.from({ length: 5_000 }, (_, at) => ({
    name: `s${at}`,
    tools: [{ name: 't', description: 'x'.repeat(5_000) }],
  }));
  const prompt = graphPrompt({ models: may.models, servers });
  expect(prompt.length).toBeLessThan(80_000);
  expect(prompt).toMatch(/\(\d+ more lines do not fit here\.\)/);
  const long = { ...graph, nodes: graph.nodes.map((node) => ({ ...node, system_prompt: 'y'.repeat(400_000) })) };
  const change = graphPrompt(may, long);
  expect(change.length).toBeLessThan(30_000);
  expect(change).toContain('yyy…');
});

test('what could not be read is told to whoever writes the next answer', () => {
  const problems = [{ tag: 'node', name: 'a', reason: 'handoffs: is no number' }];
  expect(graphPrompt(may, null, problems)).toMatch(/- <node> a: handoffs: is no number$/);
  expect(toolPrompt('python', problems)).toMatch(/- <node> a: handoffs: is no number$/);
  expect(toolPrompt('python')).toContain('<script_file name="main.py">');
  expect(toolPrompt('node')).toContain('<script_file name="main.mjs">');
});

test.each([
  ['python', 'python3', '-c'],
  ['node', process.execPath, '--input-type=module', '-e'],
] as const)('the program that a model begins with runs: %s', (language, program, ...flags) => {
  const code = toolPrompt(language).split('\n```\n')[1] ?? '';
  const requests = [
    { id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18' } },
    { method: 'notifications/initialized' },
    { id: 2, method: 'tools/list' },
    { id: 3, method: 'tools/call', params: { name: 'greet', arguments: { name: '李' } } },
    { id: 4, method: 'tools/call', params: { name: 'constructor' } },
    { id: 5, method: 'tools/call', params: { name: 'greet', arguments: language === 'python' ? {} : { name: 'x' } } },
    { id: 6, method: 'resources/list' },
  ];
  const input = requests.map((request) => `${JSON.stringify({ jsonrpc: '2.0', ...request })}\n`).join('');
  const replies = execFileSync(program, [...flags, code], { input, encoding: 'utf8' })
    .trimEnd()
    .split('\n');
  expect(replies.map((reply): unknown => JSON.parse(reply))).toEqual([
    expect.objectContaining({ id: 1, result: expect.objectContaining({ protocolVersion: '2025-06-18' }) }),
    expect.objectContaining({ id: 2, result: { tools: [expect.objectContaining({ name: 'greet' })] } }),
    expect.objectContaining({ id: 3, result: { content: [{ type: 'text', text: 'Hello, 李.' }], isError: false } }),
    expect.objectContaining({ id: 4, result: expect.objectContaining({ isError: true }) }),
    expect.objectContaining({ id: 5, result: expect.objectContaining({ isError: language === 'python' }) }),
    expect.objectContaining({ id: 6, error: expect.objectContaining({ code: -32601 }) }),
  ]);
});
