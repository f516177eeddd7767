import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answer, Chunk, JsonObject, Message, Tool, ToolCall } from '../../types.ts';
import { toolPrompt } from './prompt.ts';
import { createActionReader } from './reader.ts';
import { inWords } from './wording.ts';

const properties: JsonObject = {
  query: { type: 'string', description: 'What to look for.' },
  limit: { type: 'integer', default: 5 },
  ratio: { type: ['number', 'null'] },
  deep: { type: 'boolean' },
  tags: { type: 'array', items: { type: 'string' } },
  numbers: { type: 'array', items: { type: 'number' } },
  options: { type: 'object', properties: { a: { type: 'number' } } },
  either: { anyOf: [{ type: 'integer' }, { type: 'string' }] },
  sort: { type: 'string', enum: ['up', 'down'] },
};
const search: Tool = {
  type: 'function',
  function: {
    name: 'search',
    description: 'Finds things.',
    parameters: { type: 'object', properties, required: ['query'] },
  },
};
const now: Tool = { type: 'function', function: { name: 'now' } };
const tools = [search, now];

function chunkOf(content: string, finish: string | null = null): Chunk {
  const choices = [{ index: 0, delta: { content }, finish_reason: finish }];
  return { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices };
}

interface Read {
  shown: string;
  /** The text that was shown after each piece. */
  steps: string[];
  chunks: Chunk[];
  answer: Answer;
}

function read(pieces: readonly string[], finish: string | null = 'stop'): Read {
  const reader = createActionReader(1, new Set(), tools);
  const chunks: Chunk[] = [];
  const steps: string[] = [];
  let shown = '';
  function take(chunk: Chunk | null) {
    if (chunk !== null) chunks.push(chunk);
    shown += chunk?.choices[0]?.delta.content ?? '';
    steps.push(shown);
  }
  for (const piece of pieces) take(reader.add(chunkOf(piece)));
  if (finish !== null) take(reader.add(chunkOf('', finish)));
  take(reader.end());
  return { shown, steps, chunks, answer: reader.answer() };
}

function callsOf(text: string): [string, string][] {
  const { answer } = read([text]);
  return (answer.message.tool_calls ?? []).map(({ function: { name, arguments: given } }) => [name, given]);
}

function argumentsOf(body: string): unknown {
  const [call] = callsOf(`<tool_action name="search">${body}</tool_action>`);
  return JSON.parse(call?.[1] ?? 'null');
}

describe('actions', () => {
  test('look like calls of functions', () => {
    const { shown, answer, chunks } = read(['Let me see. <tool_action name="now" type="mcp" />', ' Done.']);
    expect(shown).toBe('Let me see.  Done.');
    expect(answer.message).toEqual({
      role: 'assistant',
      content: 'Let me see.  Done.',
      tool_calls: [{ id: 'call_1_0', type: 'function', function: { name: 'now', arguments: '{}' } }],
    });
    expect(answer.finish_reason).toBe('tool_calls');
    const calls = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
    expect(calls).toEqual([{ index: 0, id: 'call_1_0', type: 'function', function: { name: 'now', arguments: '{}' } }]);
  });

  test('are read however they are written', () => {
    const query = { query: 'a "b" <c>' };
    expect(argumentsOf('<query value="a &quot;b&quot; &lt;c&gt;" />')).toEqual(query);
    expect(argumentsOf(`<query value='a "b" <c>'></query>`)).toEqual(query);
    expect(argumentsOf('\n  <query>\na "b" <c>\n  </query>\n')).toEqual(query);
    expect(argumentsOf('{"query": "a \\"b\\" <c>"}')).toEqual(query);
    expect(callsOf('<action type="mcp" name="now"></action>')).toEqual([['now', '{}']]);
    expect(argumentsOf('<x-y.z value="1" />')).toEqual({ 'x-y.z': '1' });
    expect(argumentsOf('<query>if (a && b) { return "&lt;" }</query>')).toEqual({
      query: 'if (a && b) { return "&lt;" }',
    });
    expect(argumentsOf('<__proto__ value="1" /><!-- x --><query value="q"/>')).toEqual(
      JSON.parse('{"__proto__":"1","query":"q"}'),
    );
  });

  test.each<[string, string, unknown]>([
    ['limit', '7', 7],
    ['limit', '7.5', '7.5'],
    ['limit', '9007199254740993', '9007199254740993'],
    ['limit', '', ''],
    ['ratio', ' -0.5 ', -0.5],
    ['ratio', 'null', null],
    ['ratio', '0x10', 16],
    ['ratio', 'Infinity', 'Infinity'],
    ['deep', 'Yes', true],
    ['deep', '1', true],
    ['deep', 'no', false],
    ['deep', 'maybe', 'maybe'],
    ['tags', 'a, b', ['a', 'b']],
    ['tags', '["a,b"]', ['a,b']],
    ['tags', '', []],
    ['numbers', '1,2', [1, 2]],
    ['options', '{"a":1}', { a: 1 }],
    ['options', '[1]', '[1]'],
    ['either', '3', 3],
    ['either', 'three', 'three'],
    ['other', '3', '3'],
  ])('%s="%s" has the type of the schema', (name, value, expected) => {
    expect(argumentsOf(`<${name} value='${value}' />`)).toEqual({ [name]: expected });
  });

  test('several parameters of one name are a list where the tool takes one', () => {
    expect(argumentsOf('<numbers>1</numbers><numbers>2</numbers>')).toEqual({ numbers: [1, 2] });
    expect(argumentsOf('<query>1</query><query>2</query>')).toEqual({ query: '1' });
  });

  test.each([
    ['no end', '<tool_action name="now">', 'now'],
    ['half a head', '<tool_action name="now"', 'now'],
    ['no name yet', '<tool_action na', ''],
    ['a parameter without end', '<tool_action name="search"><query>a</tool_action>', 'search'],
    ['too much', `<tool_action name="search"><query>${'x'.repeat(5000)}</query></tool_action>`, 'search'],
  ])('with %s are calls that nobody can make', (_what, text, name) => {
    const [call] = callsOf(`x ${text}`);
    expect(call?.[0]).toBe(name);
    expect(call?.[1]).toMatch(/^<tool_action>/);
    expect(read([`x ${text}`]).shown).toBe('x ');
  });

  test('of all an answer has are bounded', () => {
    const one = `<tool_action name="search"><query>${'x'.repeat(4900)}</query></tool_action>`;
    const readable = callsOf(one.repeat(12)).map(([, given]) => given.startsWith('{'));
    expect(readable).toEqual([...Array.from({ length: 10 }, () => true), false, false]);
    expect(callsOf('<tool_action name="now"/>'.repeat(1000)).length).toBe(256);
  });

  test('are none where a name is cut off, or another format speaks', () => {
    expect(read(['x <tool_ac'])).toMatchObject({ shown: 'x ', answer: { message: { content: 'x ' } } });
    const manifest = '<action android:name="MAIN" /> <actions> <tool>';
    expect(read([manifest])).toMatchObject({ shown: manifest, answer: { message: { content: manifest } } });
  });

  test('have no results that the model makes up', () => {
    const made =
      '<tool_action name="now"/><tool_output name="now" status="success">noon</tool_output> It is <tool_output> noon.';
    const { shown, answer } = read([made]);
    expect(shown).toBe(' It is <tool_output> noon.');
    expect(answer.message.tool_calls?.length).toBe(1);
  });

  test.each([
    ['a fence', '```xml\nACTION\n```'],
    ['a fence of tildes, in a list', '- ~~~ x\n  ACTION\n  ~~~'],
    ['a quoted fence', '> ```\n> ACTION\n> ```'],
    ['a longer fence', '````md\n```\nACTION\n```\n````'],
    ['a fence that nothing closes', '```\n``` x\n- ```\nACTION'],
    ['inline code', 'Write `ACTION` to call it.'],
    ['longer inline code', 'Write `` ` ACTION `` to call it.'],
    ['inline code at the start', '```ACTION```'],
  ])('in %s are text', (_what, shape) => {
    const text = shape.replace('ACTION', '<tool_action name="search"><query>a</query></tool_action>');
    for (const pieces of [[text], text.split('')]) {
      expect(read(pieces)).toMatchObject({ shown: text, answer: { message: { content: text } } });
      expect(read(pieces).answer.message.tool_calls).toBeUndefined();
    }
  });

  test.each([
    ['a fence', '```\nx\n```  \nACTION'],
    ['inline code', 'As `x` says: ACTION'],
    ['three backticks in a line', '```x``` ACTION'],
    ['a line with a backtick', 'It`s so.\nACTION'],
    ['an escaped backtick', 'A \\`: ACTION'],
    ['tildes', 'About ~~~ ACTION'],
  ])('behind %s are carried out', (_what, shape) => {
    expect(callsOf(shape.replace('ACTION', '<tool_action name="now"/>'))).toEqual([['now', '{}']]);
  });

  test('without an end of the answer are told at the end', () => {
    const { answer, chunks } = read(['x <tool_action name="now"/> y <'], null);
    expect(chunks.length).toBe(2);
    expect(answer.message).toMatchObject({ content: 'x  y <', tool_calls: [{ function: { name: 'now' } }] });
  });

  test('keep everything else of a chunk, and nothing comes of what is held', () => {
    const reader = createActionReader(1, new Set(), tools);
    const thought = { ...chunkOf('<tool_'), usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } };
    expect(reader.add(thought)).toEqual({
      ...thought,
      choices: [{ index: 0, delta: { content: '' }, finish_reason: null }],
    });
    expect(reader.add(chunkOf('act'))).toBeNull();
    expect(reader.add(chunkOf('s>'))?.choices[0]?.delta.content).toBe('<tool_acts>');
  });
});

const written = fc.constantFrom(
  '<tool_action name="search">',
  '<tool_action name="now" type="mcp"/>',
  '</tool_action>',
  '<action name="now">',
  '</action>',
  '<query value="',
  '" />',
  '<query>',
  '</query>',
  'text',
  ' ',
  '<',
  '>',
  '"',
  '{"query":"x"}',
  '<b>',
  'a < b',
  '\n',
  '&quot;',
  '😀',
  '<tool_',
  'action',
  '<tool_output>',
  '```',
  '`',
  '~~~',
  '> ',
  '\\',
);

describe('an answer in pieces', () => {
  test('comes to the same however it is cut, and never shows half an action', () => {
    fc.assert(
      fc.property(fc.array(written, { maxLength: 20 }), fc.array(fc.nat(300), { maxLength: 10 }), (parts, places) => {
        const text = parts.join('');
        const whole = read([text]);
        const ends = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
        const pieces = [...ends, text.length].map((end, at) => text.slice(at === 0 ? 0 : ends[at - 1], end));
        for (const cut of [read(pieces), read(text.split('')), read(pieces, null)]) {
          expect(cut.shown).toBe(whole.shown);
          expect(cut.answer.message.tool_calls).toEqual(whole.answer.message.tool_calls);
          // What is shown stays.
          for (const step of cut.steps) expect(whole.shown.startsWith(step)).toBe(true);
        }
        expect(whole.answer.message.content ?? '').toBe(whole.shown);
      }),
      { numRuns: 500 },
    );
  });

  test('cut off anywhere shows nothing of an action', () => {
    const action = '<tool_action name="search" type="mcp">\n<query value="a > b" /></tool_action>';
    for (let length = 1; length <= action.length; length += 1) {
      for (const pieces of [[`Hi ${action.slice(0, length)}`], `Hi ${action.slice(0, length)}`.split('')]) {
        const { shown, steps } = read(pieces);
        // A bracket alone may be text.
        expect(shown).toBe(length === 1 ? 'Hi <' : 'Hi ');
        expect(steps.slice(0, -2).every((step) => 'Hi '.startsWith(step))).toBe(true);
      }
    }
  });

  test.each([
    '<tool_action name="now"/>',
    '<tool_action name="search"><a>',
    '<tool_action ',
    '<tool_action name="',
    '<a value="x">',
    '```\n',
    '`<',
    '> - ~~~',
  ])('a lot of %s is read soon', (part) => {
    const text = part.repeat(500_000 / part.length);
    const begun = process.cpuUsage();
    read([text]);
    read(text.split(''));
    expect(process.cpuUsage(begun).user).toBeLessThan(10_000_000);
  });
});

const user: Message = { role: 'user', content: 'Hello' };

function called(name: string, given: string, id = 'a'): ToolCall {
  return { id, type: 'function', function: { name, arguments: given } };
}

describe('messages in words', () => {
  test('have the tools in front, calls in tags, and results said by the user', () => {
    const messages: Message[] = [
      { role: 'system', content: 'Be brief.' },
      user,
      {
        role: 'assistant',
        content: 'Hm.',
        tool_calls: [called('search', '{"query":"a<b"}', 'a'), called('now', '', 'b')],
      },
      { role: 'tool', tool_call_id: 'a', content: 'found <tool_output> & [SYSTEM_FEEDBACK]' },
      {
        role: 'tool',
        tool_call_id: 'b',
        content: [
          { type: 'text', text: 'x' },
          { type: 'image_url', image_url: { url: 'https://x' } },
        ],
        is_error: true,
      },
    ];
    const [system, first, answer, feedback] = inWords(messages, tools);
    expect(system?.content).toBe(`Be brief.\n\n${toolPrompt(tools)}`);
    expect(first).toEqual(user);
    const text =
      'Hm.\n<tool_action name="search">\n<query value="a&lt;b" />\n</tool_action>\n<tool_action name="now" />';
    expect(answer).toEqual({ role: 'assistant', content: text });
    const said = [
      '[SYSTEM_FEEDBACK]',
      '<tool_output name="search" status="success">\nfound &lt;tool_output&gt; &amp; [SYSTEM_FEEDBACK]\n</tool_output>',
      '<tool_output name="now" status="error">\nx\n[An image follows.]\n</tool_output>',
    ].join('\n');
    const image = { type: 'image_url', image_url: { url: 'https://x' } };
    expect(feedback).toEqual({ role: 'user', content: [{ type: 'text', text: said }, image] });
  });

  test('cut what is long', () => {
    const [, , feedback] = inWords(
      [
        user,
        { role: 'assistant', content: null, tool_calls: [called('now', '')] },
        { role: 'tool', tool_call_id: 'a', content: 'x'.repeat(9000) },
      ],
      [],
    );
    const { content } = feedback as { content: string };
    expect(content).toContain(`${'x'.repeat(8000)}\n[The rest is left out: 9000 characters in all.]`);
    expect(content).not.toContain('x'.repeat(8001));
  });

  test('have a prompt of their own where there is none, and none without tools', () => {
    expect(inWords([user], tools)).toEqual([{ role: 'system', content: toolPrompt(tools) }, user]);
    expect(inWords([user], [])).toEqual([user]);
    const parts: Message = { role: 'developer', content: [{ type: 'text', text: 'a' }] };
    expect(inWords([parts], tools)[0]?.content).toEqual([
      { type: 'text', text: 'a' },
      { type: 'text', text: toolPrompt(tools) },
    ]);
  });

  test('say what a tool takes', () => {
    const prompt = toolPrompt(tools);
    expect(prompt).toContain(
      '## search\nFinds things.\n- query (string, required): What to look for.\n- limit (integer): Default 5.',
    );
    expect(prompt).toContain('- ratio (number or null)\n');
    expect(prompt).toContain('- options ({"type":"object","properties":{"a":{"type":"number"}}})');
    expect(prompt).toContain('- sort (string): One of ["up","down"].');
    expect(prompt).toContain('## now\nIt takes no parameters.');
  });

  test('are read again as they were', () => {
    const given = fc.record(
      {
        query: fc.string({
          unit: fc.constantFrom('<', '>', '"', '&', "'", '\n', 'x', '</query>', '</tool_action>', '😀'),
        }),
        limit: fc.integer(),
        ratio: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)),
        deep: fc.boolean(),
        tags: fc.array(fc.string()),
        numbers: fc.array(fc.integer()),
        options: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })),
        'a b': fc.constantFrom('</tool_action>', 'x'),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(given, (args) => {
        const text = JSON.stringify(args);
        const [, answer] = inWords(
          [user, { role: 'assistant', content: null, tool_calls: [called('search', text)] }],
          [],
        );
        const [call] = callsOf(String(answer?.content));
        // The form of numbers is the only thing that may change.
        expect(JSON.parse(call?.[1] ?? '')).toEqual(JSON.parse(text));
      }),
    );
  });

  test('of calls that nobody could read say what was written', () => {
    const [, answer] = inWords(
      [user, { role: 'assistant', content: null, tool_calls: [called('now', '<tool_action><a>')] }],
      [],
    );
    expect(answer?.content).toBe('<tool_action name="now">\n<a>\n</tool_action>');
  });
});
