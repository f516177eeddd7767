import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { graphConfig } from '../graphs/schema.ts';
import { createGraphReader, missingOfGraph, type GraphDraft } from './index.ts';

const base = graphConfig.parse({
  name: 'base',
  description: 'What was there',
  nodes: [
    { name: 'a', model_name: 'm', color: 'red' },
    { name: 'b', model_name: 'm', input_nodes: ['a'] },
  ],
});

function read(answers: readonly (string | readonly string[])[], from: Parameters<typeof createGraphReader>[0] = null) {
  const reader = createGraphReader(from);
  for (const answer of answers) {
    for (const piece of typeof answer === 'string' ? [answer] : answer) reader.push(piece);
    reader.end();
  }
  return reader.draft();
}
function names({ nodes }: GraphDraft): string[] {
  return nodes.map(({ name }) => name);
}

const whole = `Here you are.
<analysis>Find and sum up.</analysis>
<todo>two nodes</todo>
<graph_name> My
 graph </graph_name>
<graph_description>Sums up.</graph_description>
<node>{"name": "find", "model_name": "m", "input_nodes": ["start"]}</node>
<NODE>
\`\`\`json
{"name": "sum", "model_name": "m", "user_prompt": "a < b </b> {find}", "extra": 1}
\`\`\`
</NODE>
<end_template>{sum}</end_template>`;

describe('a graph', () => {
  test('is read from the tags of an answer', () => {
    const draft = read([whole]);
    expect(draft).toMatchObject({
      analysis: 'Find and sum up.',
      todo: 'two nodes',
      graph_name: 'My graph',
      graph_description: 'Sums up.',
      end_template: '{sum}',
      problems: [],
      nodes: [
        { name: 'find', input_nodes: ['start'], handoffs: 0 },
        { name: 'sum', user_prompt: 'a < b </b> {find}', extra: 1 },
      ],
    });
    expect(missingOfGraph(draft)).toEqual([]);
  });

  test('is the same however the answer is cut into pieces', () => {
    const tags = [
      'analysis',
      'todo',
      'graph_name',
      'graph_description',
      'node',
      'delete_node',
      'end_template',
      'other',
    ];
    const piece = fc.oneof(
      fc.constantFrom(...tags).chain((tag) => fc.constantFrom(`<${tag}>`, `</${tag}>`, `<${tag} name="x">`, `<${tag}`)),
      fc.constantFrom('{"name": "a", "model_name": "m"}', '{"name": 1}', '[', '"', '<', '>', '</', '```', '\n', 'text'),
      fc.string({ maxLength: 8 }),
    );
    const text = fc.array(piece, { maxLength: 40 }).map((parts) => parts.join(''));
    const cuts = fc.array(fc.nat(400), { maxLength: 20 });
    fc.assert(
      fc.property(text, cuts, (answer, at) => {
        const ends = [0, ...at.filter((each) => each < answer.length).toSorted((x, y) => x - y), answer.length];
        const pieces = ends.slice(1).map((end, index) => answer.slice(ends[index], end));
        expect(read([pieces])).toEqual(read([answer]));
        expect(read([answer.split('')], base)).toEqual(read([answer], base));
      }),
    );
  });

  test('grows with each answer: what has a name that is there replaces it, in its place', () => {
    const draft = read([
      whole,
      '<node>{"name": "find", "model_name": "other"}</node><node>{"name": "last", "model_name": "m"}</node>',
      '<delete_node> sum </delete_node><todo>nothing</todo>',
    ]);
    expect(names(draft)).toEqual(['find', 'last']);
    expect(draft.nodes[0]?.model_name).toBe('other');
    expect([draft.todo, draft.analysis]).toEqual(['nothing', 'Find and sum up.']);
  });

  test('takes a list of nodes in one tag', () => {
    expect(names(read(['<node>[{"name": "a", "model_name": "m"}, {"name": "b"}]</node>']))).toEqual(['a', 'b']);
  });

  test('that is changed begins as it is', () => {
    const draft = read(['<node>{"name": "c", "model_name": "m"}</node><delete_node>b</delete_node>'], base);
    expect(names(draft)).toEqual(['a', 'c']);
    expect(draft.nodes[0]).toMatchObject({ color: 'red' });
    expect([draft.graph_name, draft.graph_description, draft.end_template]).toEqual(['base', 'What was there', '']);
    expect(missingOfGraph(draft)).toEqual(['analysis', 'todo']);
    const before = createGraphReader(base, { analysis: 'a', todo: 't' }).draft();
    expect([before.analysis, missingOfGraph(before)]).toEqual(['a', []]);
  });
});

describe('what cannot be read', () => {
  test.each([
    ['<node>{"name": "a", }</node>', 'node', null, /^It is no JSON: /],
    ['<node>a node</node>', 'node', null, /^It is no JSON/],
    ['<node>{"name": "a", "handoffs": "often"}</node>', 'node', 'a', /^handoffs: /],
    ['<node>{"model_name": "m"}</node>', 'node', null, /^name: /],
    ['<node>{"name": "a.b"}</node>', 'node', 'a.b', /without/],
    ['<node>{"name": "a"}', 'node', null, /not closed/],
    [`<analysis>${'x'.repeat(1024 * 1024 + 1)}</analysis>`, 'analysis', null, /longer than/],
  ])('is told: %.40s', (answer, tag, name, reason) => {
    const draft = read([whole, answer]);
    expect(draft.problems).toEqual([{ tag, name, reason: expect.stringMatching(reason) }]);
    expect(names(draft)).toEqual(['find', 'sum']);
    expect(missingOfGraph(draft)).toEqual([tag === 'node' ? 'nodes' : tag]);
  });

  test('is mended by the next answer with tags, and not by words', () => {
    const broken = '<node>{"name": "a", }</node>';
    expect(read([broken, 'I am sorry.']).problems).toHaveLength(1);
    expect(read([broken, '<node>{"name": "a", "model_name": "m"}</node>'])).toMatchObject({
      problems: [],
      nodes: [{ name: 'a' }],
    });
  });

  test('in a name of a tag that goes on in no next answer', () => {
    const draft = read(['<todo>x</todo><no', 'de>{"name": "a"}</node>']);
    expect([draft.todo, draft.nodes]).toEqual(['x', []]);
  });
});

test('nothing is missing twice', () => {
  expect(missingOfGraph(read([]))).toEqual([
    'analysis',
    'todo',
    'graph_name',
    'graph_description',
    'nodes',
    'end_template',
  ]);
});

test('hostile text takes linear time, and what it leaves is bounded', () => {
  const hostile = [
    '<node>'.repeat(100_000),
    `<node>${'{'.repeat(500_000)}</node>`,
    `<node>${'['.repeat(500_000)}</node>`,
    `<node>${'{"a":'.repeat(100_000)}</node>`,
    '<node>{</node>'.repeat(50_000),
    '</node'.repeat(100_000),
    `<node ${'a="'.repeat(100_000)}>`,
    `<analysis>${'</analysi'.repeat(100_000)}`,
    `<node>${'```\n'.repeat(100_000)}</node>`,
  ];
  // Characters are looked at once or a few times: more than linear would take minutes here.
  for (const text of hostile) {
    const draft = read([text]);
    expect(draft.problems.length).toBeLessThanOrEqual(100);
    expect(draft.nodes).toEqual([]);
  }
  const many = Array.from({ length: 5_200 }, (_, at) => `<node>{"name": "n${at}"}</node>`).join('');
  expect(read([many])).toMatchObject({ nodes: { length: 5_000 }, problems: { length: 100 } });
  const large = Array.from(
    { length: 12 },
    (_, at) => `<node>{"name": "n${at}", "x": "${'y'.repeat(1_000_000)}"}</node>`,
  ).join('');
  expect(read([large]).nodes).toHaveLength(8);
});
