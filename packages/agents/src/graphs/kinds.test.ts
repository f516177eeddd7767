import { expect, test } from 'vitest';
import { holds, Test, valueAt } from './conditions.ts';
import { graphConfig } from './schema.ts';
import { flat, graphOf, portsOf, run, textOf, withTool, type ScriptedAnswer } from './testing.ts';
import { GraphWaits, NodeError, RunStops, TooManyVisits } from './types.ts';

function parsedTest(test: unknown) {
  return Test.parse(test);
}

test('conditions are data: paths, operators, and, or, not', () => {
  const value = { kind: 'bug', score: 7, tags: ['a', 'b'], text: 'hello world', nested: { list: [{ ok: true }] } };
  function check(asked: unknown) {
    return holds(parsedTest(asked), (_node, path) => valueAt(value, path));
  }
  expect(check({ path: 'kind', op: 'eq', value: 'bug' })).toBe(true);
  expect(check({ path: 'score', op: 'eq', value: '7' })).toBe(true);
  expect(check({ path: 'score', op: 'gt', value: 6.5 })).toBe(true);
  expect(check({ path: 'score', op: 'gt', value: '6' })).toBe(false);
  expect(check({ path: 'missing', op: 'ne', value: 1 })).toBe(false);
  expect(check({ path: 'missing', op: 'exists' })).toBe(false);
  expect(check({ path: 'nested.list.0.ok', op: 'eq', value: true })).toBe(true);
  for (const path of ['__proto__', 'constructor', 'constructor.name', 'nested.__proto__', 'text.length']) {
    expect(check({ path, op: 'exists' })).toBe(false);
  }
  expect(check({ path: 'tags', op: 'contains', value: 'b' })).toBe(true);
  expect(check({ path: 'text', op: 'contains', value: 'lo w' })).toBe(true);
  expect(check({ all: [{ path: 'score', op: 'ge', value: 7 }, { not: { path: 'kind', op: 'eq', value: 'x' } }] })).toBe(
    true,
  );
  expect(
    check({
      any: [
        { path: 'score', op: 'lt', value: 7 },
        { path: 'score', op: 'le', value: 7 },
      ],
    }),
  ).toBe(true);
});

test.each([
  [{ op: 'eq' }, "needs a 'value'"],
  [{ op: 'matches', value: 'x' }, 'invalid_value'],
  [{ op: 'eq', value: 1, all: [{ op: 'exists' }] }, 'exactly one'],
  [{ all: [] }, 'too_small'],
  [{ eval: '1' }, 'exactly one'],
  [{ op: 'eq', value: { a: 1 } }, 'must be a text'],
  [JSON.parse(`${'{"not":'.repeat(50)}{"op":"exists"}${'}'.repeat(50)}`), 'too deep'],
])('a condition that cannot be read says why: %j', (asked, message) => {
  const read = Test.safeParse(asked);
  expect(JSON.stringify(read.error?.issues)).toContain(message);
});

const branching = flat(
  graphOf('g', [
    { name: 'classify', input_nodes: ['start'], output_schema: { type: 'object', required: ['kind'] } },
    {
      name: 'route',
      kind: 'condition',
      input_nodes: ['classify'],
      condition: {
        cases: [
          { when: { path: 'kind', op: 'eq', value: 'bug' }, to: ['fix'] },
          { when: { path: 'kind', op: 'eq', value: 'chat' }, to: ['talk'] },
        ],
        otherwise: ['end'],
      },
    },
    { name: 'fix', input_nodes: ['route'], user_prompt: 'Fix {classify.kind}' },
    { name: 'fix more', input_nodes: ['fix'] },
    { name: 'talk', input_nodes: ['route'] },
    { name: 'join', input_nodes: ['fix more', 'talk'], output_nodes: ['end'] },
  ]),
);

test('a condition sends the run along one branch; what nothing leads to is passed over', async () => {
  for (const [kind, chain] of [
    ['bug', 'start,classify route fix fix_more join'],
    ['chat', 'start,classify route talk join'],
    ['other', 'start,classify route'],
  ] as const) {
    const ports = portsOf((node) => (node === 'classify' ? `{"kind":"${kind}"}` : `${node}!`));
    const { result, past } = await run(branching, ports);
    expect(result?.execution_chain.map((names) => names.join().replaceAll(' ', '_')).join(' ')).toBe(chain);
    const routed = past.find(({ node }) => node === 'route');
    expect(routed?.output).toBe(`{"kind":"${kind}"}`);
    if (kind === 'bug') expect(textOf(past.find(({ node }) => node === 'fix')?.messages ?? [])).toContain('Fix bug');
  }
});

test('a condition with hand-offs goes back as often as it may', async () => {
  const graph = flat(
    graphOf('g', [
      { name: 'write', input_nodes: ['start'] },
      {
        name: 'again',
        kind: 'condition',
        input_nodes: ['write'],
        handoffs: 2,
        condition: { cases: [{ when: { op: 'contains', value: 'bad' }, to: ['write'] }], otherwise: ['end'] },
      },
      { name: 'use', input_nodes: ['again'], output_nodes: ['end'] },
    ]),
  );
  const { result } = await run(
    graph,
    portsOf((node) => (node === 'write' ? 'bad' : 'used')),
  );
  expect(result?.execution_chain.flat().join(' ')).toBe('start write again write again write again use');
  expect(result?.handoffs_status['again']).toEqual({ total_limit: 2, used_count: 2, last_selection: 'write' });
});

test('an answer that does not fit its schema is asked for once more, then the node fails', async () => {
  const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
  const graph = flat(graphOf('g', [{ name: 'a', output_schema: schema }]));
  const answers = ['words', 'Here: ```json\n{"n": 3}\n```'];
  const asked: string[] = [];
  const say: ScriptedAnswer = (_node, messages) => {
    asked.push(textOf(messages));
    return answers[asked.length - 1] ?? 'more words';
  };
  const { result, past } = await run(graph, portsOf(say));
  expect(result?.final_result).toBe('{"n": 3}');
  expect(asked[0]).toContain('fits this JSON Schema');
  expect(asked[1]).toContain('it is no JSON');
  // The complaint follows from the answers: it is not kept.
  expect(past[0]?.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'assistant']);
  const ports = portsOf(() => '{"n": "x"}');
  await expect(run(graph, ports)).rejects.toMatchObject({
    cause: { fault: { code: 'unfit', problem: expect.stringContaining('/n must be integer') } },
  });
  expect(ports.turns).toBe(2);
});

test('answers that do not fit, and calls that fail, count through every end of a hub, and anew after the run failed', async () => {
  const schema = { type: 'object', required: ['n'] };
  const graph = flat(
    graphOf('g', [
      { name: 'a', output_schema: schema, attempts: { retries: 1, wait_ms: 0 }, on_error: ['b'] },
      {
        name: 'b',
        input_nodes: ['a'],
        kind: 'tool',
        tool: { server: 's', name: 'count' },
        attempts: { retries: 2, wait_ms: 0 },
        on_error: ['end'],
      },
    ]),
  );
  function wrong() {
    return withTool(
      () => 'words',
      () => {
        throw new Error('no');
      },
    );
  }
  const whole = await run(graph, wrong().ports);
  const said = whole.past.map(({ messages }) => messages.length);
  expect(said).toEqual([2 + 3, 1 + 3]);
  for (let most = 0; most < whole.events; most += 1) {
    const cut = await run(graph, wrong().ports, { most });
    const rest = await run(graph, wrong().ports, { past: cut.past });
    expect(
      rest.past.map(({ messages }) => messages.length),
      `after ${most} events`,
    ).toEqual(said);
    expect(rest.result).toEqual(whole.result);
  }
});

test('a tool node calls its tool with templates filled, read as its schema has them', async () => {
  const graph = flat(
    graphOf('g', [
      { name: 'a', input_nodes: ['start'] },
      {
        name: 't',
        kind: 'tool',
        input_nodes: ['a'],
        output_nodes: ['end'],
        tool: { server: 's', name: 'count', arguments: { n: '{a}', text: '{a}', list: ['<{start}>', 5] } },
      },
    ]),
  );
  const { ports, calls } = withTool(() => '42');
  const { result } = await run(graph, ports);
  expect(calls).toEqual([{ n: 42, text: '42', list: ['<in>', 5] }]);
  expect(JSON.parse(result?.final_result ?? '')).toEqual(calls[0]);
});

test('a tool that fails is called again, then the run goes on along its on-error edge', async () => {
  const graph = flat(
    graphOf('g', [
      {
        name: 't',
        kind: 'tool',
        input_nodes: ['start'],
        tool: { server: 's', name: 'count' },
        attempts: { retries: 2, wait_ms: 1 },
        on_error: ['sorry'],
        output_nodes: ['fine'],
      },
      { name: 'fine', input_nodes: ['t'] },
      { name: 'sorry', input_nodes: ['t'], user_prompt: 'Why: {t}' },
      { name: 'z', input_nodes: ['fine', 'sorry'], output_nodes: ['end'] },
    ]),
  );
  let count = 0;
  const broken = withTool(
    (node, messages) => `${node}(${textOf(messages)})`,
    () => {
      throw new Error(`no ${(count += 1)}`);
    },
  );
  broken.ports.told = (error) => (error instanceof NodeError ? JSON.stringify(error.fault) : 'other');
  const { result, past } = await run(graph, broken.ports);
  expect(broken.calls).toHaveLength(3);
  expect(result?.execution_chain.flat()).toEqual(['start', 't', 'sorry', 'z']);
  expect(past.find(({ node }) => node === 't')).toMatchObject({
    failed: true,
    output: expect.stringContaining('no 3'),
  });
  expect(result?.final_result).toContain('no 3');
  const whole = await run(graph, withTool(() => 'x').ports);
  expect(whole.result?.execution_chain.flat()).toEqual(['start', 't', 'fine', 'z']);
});

test('a model that takes too long is given up, and asked again', async () => {
  const graph = flat(graphOf('g', [{ name: 'a', attempts: { retries: 1, wait_ms: 1, timeout_ms: 100 } }]));
  const ports = portsOf(() => 'said');
  const { takeTurn } = ports;
  let turns = 0;
  ports.takeTurn = async function* slow(...asked) {
    turns += 1;
    if (turns === 1)
      await new Promise((_, reject) => asked[3].addEventListener('abort', () => reject(new Error('away'))));
    yield* takeTurn(...asked);
  };
  expect((await run(graph, ports)).result?.final_result).toBe('said');
  turns = 0;
  const once = flat(graphOf('g', [{ name: 'a', attempts: { timeout_ms: 100 } }]));
  await expect(run(once, ports)).rejects.toMatchObject({ cause: { fault: { code: 'timeout', ms: 100 } } });
});

test('for each item the same is done, so many beside each other, and gathered in order', async () => {
  const graph = flat(
    graphOf('g', [
      { name: 'list', input_nodes: ['start'], output_schema: { type: 'object' } },
      {
        name: 'each',
        kind: 'each',
        input_nodes: ['list'],
        output_nodes: ['end'],
        each: {
          items: '{list.items}',
          parallel: 2,
          body: { model_name: 'm', user_prompt: '{index}:{item} of {start}' },
        },
      },
    ]),
  );
  let going = 0;
  let most = 0;
  const ports = portsOf(
    (node, messages) => (node === 'list' ? '{"items":["a",{"b":1},"c"]}' : `<${textOf(messages)}>`),
    async () => {
      most = Math.max(most, (going += 1));
      await new Promise((resolve) => setTimeout(resolve, 5));
      going -= 1;
    },
  );
  const { result, past } = await run(graph, ports);
  expect(JSON.parse(result?.final_result ?? '')).toEqual([
    '<user:1:a of in>',
    '<user:2:{"b":1} of in>',
    '<user:3:c of in>',
  ]);
  expect(most).toBe(2);
  expect(past.map(({ node }) => node).toSorted()).toEqual(['each', 'each.1', 'each.2', 'each.3', 'list']);
});

test('an item may be a graph, be asked of a person, and fail by itself', async () => {
  const inner = graphOf('inner', [
    { name: 'x', input_nodes: ['start'] },
    { name: 'y', input_nodes: ['x'], output_nodes: ['end'], user_prompt: 'After {x}' },
  ]);
  const over = { items: '["p","q","r"]', on_item_error: 'null', graph: 'inner' };
  const graph = flat(graphOf('g', [{ name: 'e', kind: 'each', each: over }]), inner);
  const say: ScriptedAnswer = (_node, messages) => {
    if (textOf(messages) === 'user:q') throw new Error('no');
    return `[${textOf(messages)}]`;
  };
  const { result, past } = await run(graph, portsOf(say));
  expect(JSON.parse(result?.final_result ?? '')).toEqual(['[user:After [user:p]]', null, '[user:After [user:r]]']);
  expect(past.find(({ node }) => node === 'e.2.x')?.failed).toBe(true);

  const asking = graphOf('ask', [{ name: 'h', kind: 'human', ask: 'answer' }]);
  const people = flat(
    graphOf('p', [{ name: 'e', kind: 'each', each: { items: '[1,2,3]', parallel: 1, graph: 'ask' } }]),
    asking,
  );
  const ports = portsOf(() => '');
  const asked: string[] = [];
  ports.answer = ({ name }) => {
    asked.push(name);
    return Promise.resolve(null);
  };
  await expect(run(people, ports)).rejects.toBeInstanceOf(GraphWaits);
  // A question keeps no other item waiting.
  expect(asked).toEqual(['e.1.h', 'e.2.h', 'e.3.h']);
});

test.each([
  ['{"a": 1}', { code: 'noItems' }],
  ['some words', { code: 'noItems' }],
  ['[1,2,3,4]', { code: 'items', count: 4, most: 3 }],
])('a list that is none, or too long, fails its node: %s', async (items, fault) => {
  const graph = flat(graphOf('g', [{ name: 'e', kind: 'each', each: { most: 3, body: { model_name: 'm' } } }]));
  await expect(
    run(
      graph,
      portsOf(() => 'x'),
      { input: items },
    ),
  ).rejects.toMatchObject({ cause: { fault } });
});

test('what ends a run is no failure of its nodes, and lists together are bounded', async () => {
  const graph = flat(
    graphOf('g', [
      { name: 'a', attempts: { retries: 3, wait_ms: 1 }, on_error: ['b'] },
      { name: 'b', input_nodes: ['a'] },
    ]),
  );
  const stops: ScriptedAnswer = () => {
    throw new RunStops('enough');
  };
  const ports = portsOf(stops);
  await expect(run(graph, ports)).rejects.toBeInstanceOf(RunStops);
  expect(ports.turns).toBe(1);
  const nested = graphOf('inner', [
    {
      name: 'e',
      kind: 'each',
      each: { most: 1000, items: JSON.stringify(Array(1000).fill(1)), body: { model_name: 'm' } },
    },
  ]);
  const outer = flat(
    graphOf('o', [{ name: 'e', kind: 'each', each: { items: JSON.stringify(Array(20).fill(1)), graph: 'inner' } }]),
    nested,
  );
  await expect(
    run(
      outer,
      portsOf(() => ''),
    ),
  ).rejects.toBeInstanceOf(TooManyVisits);
});

test('a call in doubt is asked about: made again, or its result given', async () => {
  const graph = flat(
    graphOf('g', [{ name: 't', kind: 'tool', tool: { server: 's', name: 'count', arguments: { text: 'x' } } }]),
  );
  for (const [answer, made, output] of [
    [{ output: '', handoff: null, repeat: true }, 1, '{"text":"x"}'],
    [{ output: 'known', handoff: null }, 0, 'known'],
  ] as const) {
    const { ports, calls } = withTool(() => '');
    let asked: unknown = null;
    ports.inDoubt = () => Promise.resolve(true);
    ports.answer = (_at, question) => {
      asked = question;
      return Promise.resolve(null);
    };
    await expect(run(graph, ports)).rejects.toBeInstanceOf(GraphWaits);
    expect(asked).toEqual({ ask: 'doubt', text: 's/count {"text":"x"}', targets: [] });
    ports.answer = () => Promise.resolve(answer);
    const { result } = await run(graph, ports);
    expect([calls.length, result?.final_result]).toEqual([made, output]);
  }
});

test('fields of the further kinds are kept as they are written, and none is added to other nodes', () => {
  const nodes = [{ name: 'a', model_name: 'm' }];
  expect(Object.keys(graphConfig.parse({ name: 'g', nodes }).nodes[0] ?? {}).toSorted()).toEqual(
    [
      'context,context_mode,context_n,description,global_output,handoffs,input_nodes,is_subgraph,mcp_servers,model_name',
      'name,output_enabled,output_nodes,subgraph_name,system_prompt,user_prompt',
    ]
      .join(',')
      .split(',')
      .toSorted(),
  );
  const written = {
    name: 'b',
    kind: 'each',
    each: { items: '{a}', most: 5, parallel: 2, on_item_error: 'null', body: { model_name: 'm', own: 1 } },
  };
  expect(graphConfig.parse({ name: 'g', nodes: [written] }).nodes[0]).toMatchObject(written);
});
