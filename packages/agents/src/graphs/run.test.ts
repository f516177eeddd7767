import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AssistantMessage, Message, Tool } from '../types.ts';
import { resultOf, runGraph } from './run.ts';
import { flat, graphOf, keep, portsOf, run, textOf, type ScriptedAnswer } from './testing.ts';
import { GraphWaits, NodeFailed, TooManyVisits, type GraphResult, type NodeAnswer, type NodeVisit } from './types.ts';

/** A model that hands over as long as it may, and says what it was asked. */
const eager: ScriptedAnswer = (node, messages, tools) => {
  const [first] = tools;
  return first && messages.length < 4 ? { call: first.function.name } : `${node}(${textOf(messages).length})`;
};

const looped = flat(
  graphOf('g', [
    { name: 'a', input_nodes: ['start'] },
    { name: 'b', input_nodes: ['a'], output_nodes: ['d'], global_output: true },
    { name: 'c', input_nodes: ['a'], output_nodes: ['d'] },
    { name: 'd', input_nodes: ['b', 'c'], output_nodes: ['a', 'end'], handoffs: 2, context: ['b'] },
  ]),
);

test('nodes of a level run beside each other, and hand-offs go back as often as they may', async () => {
  const { result } = await run(looped, portsOf(eager));
  expect(result?.execution_chain).toEqual([
    ['start', 'a'],
    ['b', 'c'],
    ['d'],
    ['a'],
    ['b', 'c'],
    ['d'],
    ['a'],
    ['b', 'c'],
    ['d'],
  ]);
  expect(result?.handoffs_status).toEqual({ d: { total_limit: 2, used_count: 2, last_selection: 'a' } });
  expect(result?.global_outputs['b']).toHaveLength(3);
});

test('a run goes on after every prefix of what was kept, as if it had not been cut', async () => {
  const whole = await run(looped, portsOf(eager));
  for (let most = 0; most < whole.events; most += 1) {
    const cut = await run(looped, portsOf(eager), { most });
    const ports = portsOf(eager);
    const rest = await run(looped, ports, { past: cut.past });
    expect(rest.result, `after ${most} events`).toEqual(whole.result);
    expect(resultOf({ graph: looped, input: 'in', past: rest.past })).toEqual(whole.result);
    // Turns that were kept are not taken again.
    const kept = cut.past.flatMap(({ messages }) => messages).filter(({ role }) => role === 'assistant').length;
    const all = whole.past.flatMap(({ messages }) => messages).filter(({ role }) => role === 'assistant').length;
    expect(ports.turns, `after ${most} events`).toBe(all - kept);
  }
});

test('whichever of the nodes beside each other is the first, the result is the same', async () => {
  const wide = flat(
    graphOf('w', [
      ...Array.from({ length: 6 }, (_, at) => ({ name: `n${at}`, input_nodes: ['start'], output_nodes: ['z'] })),
      { name: 'z', input_nodes: Array.from({ length: 6 }, (_, at) => `n${at}`), output_nodes: ['end'] },
    ]),
  );
  const echo: ScriptedAnswer = (node, messages) => `${node}<${textOf(messages)}>`;
  const expected = (await run(wide, portsOf(echo))).result;
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const running = run(
        wide,
        portsOf(echo, () => scheduler.schedule(Promise.resolve())),
      );
      await scheduler.waitFor(running);
      expect((await running).result).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

test('a sub-graph in its place says what it says when it is run apart', async () => {
  const inner = graphOf('inner', [
    { name: 'x', user_prompt: 'Think: {start}', output_nodes: ['y'] },
    { name: 'y', input_nodes: ['x'], system_prompt: 'Be {x}' },
  ]);
  const outer = graphOf(
    'outer',
    [
      { name: 'first', input_nodes: ['start'], output_nodes: ['s'], handoffs: 1 },
      { name: 's', is_subgraph: true, subgraph_name: 'inner', input_nodes: ['first'], output_nodes: ['end'] },
    ],
    { end_template: 'R {s}' },
  );
  const echo: ScriptedAnswer = (node, messages) =>
    `[${textOf(messages).replaceAll('s.', '')}]${node.replace('s.', '')}`;
  const whole = await run(flat(outer, inner), portsOf(echo));
  const first = whole.past.find(({ node }) => node === 'first')?.output ?? '';
  const apart = await run(flat(inner), portsOf(echo), { input: first });
  expect(whole.result?.final_result).toBe(`R ${apart.result?.final_result}`);
  expect(whole.result?.execution_chain).toEqual([['start', 'first'], ['s.x'], ['s.y']]);
  const to = flat(outer, inner).nodes.find(({ name }) => name === 'first');
  expect(to?.output_nodes).toEqual(['s.x']);
});

test('a node that fails ends the run after those beside it, and nothing of them is lost', async () => {
  const graph = flat(graphOf('f', [{ name: 'a' }, { name: 'b' }]));
  const failing: ScriptedAnswer = (node) => {
    if (node === 'a') throw new Error('no');
    return 'B';
  };
  const kept = new Map<string, NodeVisit>();
  const events = runGraph({
    graph,
    input: '',
    past: [],
    ports: portsOf(failing),
    signal: new AbortController().signal,
  });
  await expect(
    (async () => {
      for await (const event of events) keep(kept, event);
    })(),
  ).rejects.toThrow(NodeFailed);
  expect(kept.get('b/1')).toMatchObject({ done: true, output: 'B' });
  expect(kept.get('a/1')?.done).toBe(false);
});

test('hand-offs that go round for ever end', async () => {
  const graph = flat(
    graphOf('r', [
      { name: 'a', output_nodes: ['a2', 'end'], handoffs: 1_000 },
      { name: 'a2', output_nodes: ['a'], handoffs: 1_000 },
    ]),
  );
  const signal = new AbortController().signal;
  const always: ScriptedAnswer = (_node, _messages, tools) => ({ call: tools[0]?.function.name ?? '' });
  const events = runGraph({ graph, input: '', past: [], ports: portsOf(always), signal, mostVisits: 50 });
  await expect(
    (async () => {
      for await (const _event of events);
    })(),
  ).rejects.toThrow(TooManyVisits);
});

test('prompts take outputs, files and the first that has something; text in braces stays', async () => {
  const graph = flat(
    graphOf('p', [
      { name: '甲', input_nodes: ['start'], global_output: true },
      {
        name: 'b',
        input_nodes: ['甲', 'start'],
        output_nodes: ['end'],
        system_prompt: 'S {甲} {help.md} {{none|甲}} {"a": 1}',
        user_prompt: '{{甲:all}}',
      },
    ]),
  );
  const asked: Message[][] = [];
  const ports = portsOf((node, messages) => {
    asked.push([...messages]);
    return `say ${node}`;
  });
  await run(graph, ports);
  expect(asked[1]).toEqual([
    { role: 'system', content: 'S say 甲 HELP say 甲 {"a": 1}' },
    { role: 'user', content: 'say 甲\n\nin' },
  ]);
});

test('with its output switched off a node gives what its tools gave', async () => {
  const graph = flat(graphOf('t', [{ name: 'a', output_enabled: false }]));
  const ports = portsOf((_node, messages) => {
    const answered = messages.some((message: Message | AssistantMessage) => message.role === 'tool');
    return answered ? 'words' : { call: 'look' };
  });
  const tool: Tool = { type: 'function', function: { name: 'look', parameters: { type: 'object' } } };
  ports.tools = () =>
    Promise.resolve({ tools: [tool], call: () => Promise.resolve({ content: 'seen', isError: false }) });
  expect((await run(graph, ports)).result?.final_result).toBe('seen');
});

test('whoever leaves a run ends the turns that go on in it', async () => {
  const graph = flat(graphOf('l', [{ name: 'a' }, { name: 'b' }]));
  const ended: string[] = [];
  const ports = portsOf(() => 'x');
  // oxlint-disable-next-line require-yield -- it says nothing until it is ended
  ports.takeTurn = async function* takeTurn({ node }, _messages, _tools, signal) {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    ended.push(node.name);
  };
  const events = runGraph({ graph, input: '', past: [], ports, signal: new AbortController().signal });
  for await (const event of events) if (event.type === 'loop' && event.node === 'b') break;
  // The turn of the other one had not begun.
  expect(ended).toEqual(['a']);
});

test('a prompt that becomes endless fails its node, and a result is cut', async () => {
  const graph = flat(graphOf('e', [{ name: 'a', user_prompt: '{start}'.repeat(1_000) }]));
  const input = 'x'.repeat(100_000);
  await expect(
    run(
      graph,
      portsOf(() => 'y'),
      { input },
    ),
  ).rejects.toThrow(NodeFailed);
  const cut = flat(graphOf('c', [{ name: 'a' }], { end_template: '{start}'.repeat(1_000) }));
  const { result } = await run(
    cut,
    portsOf(() => 'y'),
    { input },
  );
  expect(result?.final_result).toHaveLength(4_000_000);
});

test('a person answers in the place of a model: nodes beside it end first, and the run goes on from the answer', async () => {
  const graph = flat(
    graphOf('g', [
      { name: 'write', input_nodes: ['start'] },
      {
        name: 'check',
        kind: 'human',
        ask: 'edit',
        user_prompt: 'Fit? {write}',
        input_nodes: ['write'],
        output_nodes: ['write', 'use'],
        handoffs: 1,
      },
      { name: 'beside', input_nodes: ['write'] },
      { name: 'use', input_nodes: ['check', 'beside'], output_nodes: ['end'] },
    ]),
  );
  const ports = portsOf((node, messages) => `${node}(${textOf(messages)})`);
  const asked: object[] = [];
  const answers: (NodeAnswer | null)[] = [null];
  ports.answer = ({ node, visit }, question) => {
    asked.push({ node: node.name, visit, ...question });
    return Promise.resolve(answers[visit - 1] ?? null);
  };
  const kept = new Map<string, NodeVisit>();
  async function go(): Promise<GraphResult> {
    const signal = new AbortController().signal;
    const events = runGraph({ graph, input: 'in', past: [...kept.values()], ports, signal });
    for (;;) {
      const { done, value } = await events.next();
      if (done) return value;
      keep(kept, value);
    }
  }
  await expect(go()).rejects.toBeInstanceOf(GraphWaits);
  expect(asked).toEqual([
    { node: 'check', visit: 1, ask: 'edit', text: 'Fit? write(user:in)', targets: ['write', 'use'] },
  ]);
  expect(kept.get('beside/1')?.done).toBe(true);
  expect(kept.get('check/1')?.done).toBe(false);
  const turns = ports.turns;
  // Back to the writer; then the second look is asked for, with no hand-off left.
  answers[0] = { output: 'again', handoff: 'write' };
  await expect(go()).rejects.toBeInstanceOf(GraphWaits);
  expect(asked.at(-1)).toMatchObject({ node: 'check', visit: 2, targets: [] });
  expect(ports.turns).toBe(turns + 2);
  answers[1] = { output: 'fine', handoff: null };
  const result = await go();
  expect(result.final_result).toContain('fine');
  expect(result.handoffs_status['check']).toEqual({ total_limit: 1, used_count: 1, last_selection: 'write' });
});
