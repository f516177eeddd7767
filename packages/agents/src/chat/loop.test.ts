import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createProviders } from '../providers/providers.ts';
import { startProvider, type Reply } from '../testing/provider.ts';
import type { Chunk, Delta, JsonObject, Message, Model, Tool, ToolCall } from '../types.ts';
import { runLoop } from './loop.ts';
import type { LoopEnd, LoopEvent, LoopInput, ToolOutcome, ToolsPort } from './types.ts';

const provider = await startProvider();
const providers = createProviders();
afterAll(async () => {
  await providers.close();
  await provider[Symbol.asyncDispose]();
});
beforeEach(() => {
  provider.forget();
});

function toolNamed(name: string): Tool {
  return { type: 'function', function: { name, parameters: { type: 'object', properties: {} } } };
}

type Run = (args: JsonObject, signal: AbortSignal, call: ToolCall) => ToolOutcome | Promise<ToolOutcome>;

function toolsOf(runs: Readonly<Record<string, Run>>): ToolsPort {
  return {
    tools: Object.keys(runs).map(toolNamed),
    call: async (call, args, signal) => {
      const run = runs[call.function.name];
      if (run === undefined) throw new Error(`${call.function.name} was called.`);
      return run(args, signal, call);
    },
  };
}

const echo: Run = (args) => ({ content: JSON.stringify(args), isError: false });
const asked: Message[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Hello' },
];

/** A run against the scripted provider. */
function started(over: Partial<LoopInput> = {}, protocol: Model['protocol'] = 'openai') {
  const names = { name: 'Scripted', model: 'scripted-1', protocol };
  const model: Model = { ...names, baseUrl: provider.url, apiKey: null, allowPrivate: true };
  return runLoop({
    messages: asked,
    takeTurn: (messages, tools, signal) => providers.runTurn(model, messages, tools, signal),
    tools: toolsOf({ echo }),
    signal: new AbortController().signal,
    ...over,
  });
}

async function read(run: AsyncGenerator<LoopEvent, LoopEnd>): Promise<{ events: LoopEvent[]; end: LoopEnd }> {
  const events: LoopEvent[] = [];
  for (;;) {
    const step = await run.next();
    if (step.done === true) return { events, end: step.value };
    events.push(step.value);
  }
}

/** Events without their pieces, for reading. */
function told(events: readonly LoopEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.type === 'chunk') return [];
    if (event.type === 'call' || event.type === 'result') return [`${event.type} ${event.call.function.name}`];
    return [`${event.type} ${event.turn}`];
  });
}

function sentMessages(request: number): unknown {
  return provider.requests[request]?.body?.['messages'];
}

function calling(name: string, given: JsonObject = {}): Reply {
  return { calls: [{ name, arguments: given }] };
}

/** A reply whose pieces are these. */
function pieces(deltas: readonly JsonObject[], finish = 'tool_calls'): Reply {
  const chunks = [
    ...deltas.map((delta) => ({ index: 0, delta, finish_reason: null })),
    { index: 0, delta: {}, finish_reason: finish },
  ].map((choice) => ({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [choice] }));
  return { raw: `${chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('')}data: [DONE]\n\n` };
}

function callPiece(name: string, text: string, id = 'a', index = 0): JsonObject {
  return { tool_calls: [{ index, id, type: 'function', function: { name, arguments: text } }] };
}

/** Whether each call has one result, right behind its answer and in its order, and no two calls have the same id. */
function expectWhole(messages: readonly Message[]): void {
  const ids: string[] = [];
  let open: string[] = [];
  for (const message of messages) {
    if (message.role === 'tool') {
      expect(message.tool_call_id).toBe(open.shift());
      continue;
    }
    expect(open).toEqual([]);
    open = message.role === 'assistant' ? (message.tool_calls ?? []).map(({ id }) => id) : [];
    ids.push(...open);
  }
  expect(open).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).not.toContain('');
}

describe('a run', () => {
  test('of one turn gives what the provider sent', async () => {
    provider.script({ text: 'Hello there', reasoning: 'Hm.' });
    const { events, end } = await read(started());
    const text = events.flatMap((event) => (event.type === 'chunk' ? [event.chunk.choices[0]?.delta.content] : []));
    expect(text.join('')).toBe('Hello there');
    expect(told(events)).toEqual(['turn 1', 'answer 1']);
    const message = { role: 'assistant', content: 'Hello there', reasoning_content: 'Hm.' };
    expect(end).toEqual({ reason: 'stop', turns: 1, messages: [message] });
  });

  test.each(['openai', 'anthropic'] as const)(
    'carries out calls and tells what they came to (%s)',
    async (protocol) => {
      provider.script(
        { text: 'Let me see.', reasoning: 'Hm.', calls: [{ name: 'echo', arguments: { a: 1 }, id: 'call_x' }] },
        { text: 'Done.' },
      );
      const port = toolsOf({ echo: () => ({ content: 'one', isError: true, detail: { record: 7 } }) });
      const { events, end } = await read(started({ tools: port }, protocol));
      expect(told(events)).toEqual(['turn 1', 'answer 1', 'call echo', 'result echo', 'turn 2', 'answer 2']);
      const result = events.find((event) => event.type === 'result');
      expect(result).toMatchObject({ detail: { record: 7 }, message: { tool_call_id: 'call_x', is_error: true } });
      expect(end).toMatchObject({ reason: 'stop', turns: 2 });
      expect(end.messages.map(({ role }) => role)).toEqual(['assistant', 'tool', 'assistant']);
      expectWhole(end.messages);
      expect(JSON.stringify(sentMessages(1))).toContain('call_x');
      expect(JSON.stringify(sentMessages(1))).toContain('one');
      // Thoughts go back within a loop of tools.
      expect(JSON.stringify(sentMessages(1))).toContain('Hm.');
    },
  );

  test('makes the calls of a turn at once, and tells results as they come', async () => {
    const calls = ['slow', 'quick'].map((name) => ({ name, arguments: {}, id: name }));
    provider.script({ calls }, {});
    const begun: string[] = [];
    const both = Promise.withResolvers<void>();
    const quickTold = Promise.withResolvers<void>();
    function begin(name: string) {
      if (begun.push(name) === 2) both.resolve();
      return both.promise;
    }
    const port = toolsOf({
      slow: async () => {
        await begin('slow');
        await quickTold.promise;
        return { content: 'slow', isError: false };
      },
      quick: async () => {
        await begin('quick');
        return { content: 'quick', isError: false };
      },
    });
    const events: LoopEvent[] = [];
    const run = started({ tools: port });
    let step = await run.next();
    for (; step.done !== true; step = await run.next()) {
      events.push(step.value);
      // No call begins before the last of the events that tell of them was taken.
      if (step.value.type === 'call') expect(begun).toEqual([]);
      if (step.value.type === 'result') quickTold.resolve();
    }
    expect(told(events).slice(2, 6)).toEqual(['call slow', 'call quick', 'result quick', 'result slow']);
    expectWhole(step.value.messages);
    expect(sentMessages(1)).toMatchObject([{}, {}, {}, { tool_call_id: 'slow' }, { tool_call_id: 'quick' }]);
  });

  test('that calls for ever ends after its turns, with a whole history', async () => {
    provider.always(() => calling('echo'));
    const { events, end } = await read(started({ mostTurns: 3 }));
    expect(end).toMatchObject({ reason: 'turns', turns: 3 });
    expect(provider.requests.length).toBe(3);
    expect(events.filter(({ type }) => type === 'call').length).toBe(2);
    expect(events.filter(({ type }) => type === 'result').length).toBe(3);
    expect(end.messages.at(-1)).toMatchObject({ role: 'tool', is_error: true });
    expectWhole(end.messages);
  });

  test.each(['length', 'content_filter'] as const)(
    'whose answer the provider ends (%s) makes no calls',
    async (finish) => {
      provider.script({ ...calling('echo'), finish });
      const { events, end } = await read(started());
      expect(end).toMatchObject({ reason: finish, turns: 1 });
      expect(told(events)).toEqual(['turn 1', 'answer 1', 'result echo']);
      expectWhole(end.messages);
      provider.script({ text: 'Half', finish });
      expect((await read(started())).end.reason).toBe(finish);
    },
  );
});

describe('what a model asks for', () => {
  test.each<[string, JsonObject, RegExp]>([
    ['a tool that is not there', callPiece('nope', '{}'), /no tool "nope".*echo/],
    ['a tool of every object', callPiece('constructor', '{}'), /no tool/],
    ['half arguments', callPiece('echo', '{"a":'), /is no JSON/],
    ['a list', callPiece('echo', '[1]'), /is no JSON object/],
    ['deep arguments', callPiece('echo', `${'{"a":'.repeat(300)}1${'}'.repeat(300)}`), /nested deeper/],
    ['long arguments', callPiece('echo', JSON.stringify({ a: 'x'.repeat(1_100_000) })), /more than 1048576/],
  ])('%s is told back twice, the third time ends the run', async (_what, delta, reason) => {
    provider.always(() => pieces([delta]));
    const { events, end } = await read(started());
    expect(end).toMatchObject({ reason: 'calls', turns: 3 });
    expect(provider.requests.length).toBe(3);
    expect(events.filter(({ type }) => type === 'call')).toEqual([]);
    expect(end.messages[1]).toMatchObject({ role: 'tool', is_error: true, content: expect.stringMatching(reason) });
    expectWhole(end.messages);
  });

  test('and cannot be called does not keep the rest from being called', async () => {
    provider.script(
      {
        calls: [
          { name: 'nope', arguments: {} },
          { name: 'echo', arguments: { a: 1 } },
        ],
      },
      {},
    );
    const { end } = await read(started());
    expect(end).toMatchObject({ reason: 'stop', turns: 2 });
    expect(end.messages.slice(1, 3)).toMatchObject([{ is_error: true }, { content: '{"a":1}' }]);
    expectWhole(end.messages);
  });

  test('without arguments has none', async () => {
    provider.script(pieces([callPiece('echo', ' ')], 'stop'), {});
    const { end } = await read(started());
    expect(end.messages[1]).toMatchObject({ content: '{}' });
    expect(end).toMatchObject({ reason: 'stop', turns: 2 });
  });

  test('under ids that were there gets others, in pieces and messages alike', async () => {
    const twice = {
      tool_calls: [callPiece('echo', '{}', 'a', 0), callPiece('echo', '{}', 'a', 1)].flatMap(
        (piece) => piece['tool_calls'] as JsonObject[],
      ),
    };
    provider.script(pieces([twice]), pieces([callPiece('echo', '{}', 'x'.repeat(300))]), {});
    const { events, end } = await read(started({ messages: [...asked, ...answered('a', 'call_1_1')] }));
    const ids = end.messages.flatMap((message) => (message.role === 'assistant' ? (message.tool_calls ?? []) : []));
    expect(ids.map(({ id }) => id)).toEqual(['call_1_0', 'call_1_1_2', 'call_2_0']);
    const shown = events.flatMap((event) =>
      event.type === 'chunk' ? (event.chunk.choices[0]?.delta.tool_calls ?? []) : [],
    );
    expect(shown.map(({ id }) => id)).toEqual(['call_1_0', 'call_1_1_2', 'call_2_0']);
  });

  test('more than 64 times in a turn is refused from there', async () => {
    const calls = Array.from({ length: 70 }, (_, at) => ({ name: 'echo', arguments: { at } }));
    provider.script({ calls }, {});
    const { events, end } = await read(started());
    expect(events.filter(({ type }) => type === 'call').length).toBe(64);
    expect(end.messages.slice(65, 71).every((message) => message.role === 'tool' && message.is_error === true)).toBe(
      true,
    );
    expectWhole(end.messages);
  });

  test('may be anything: the history is whole, and every event tells of it', async () => {
    const call = fc.record({
      index: fc.constantFrom(0, 1, 1, 2, 70),
      id: fc.constantFrom('', 'a', 'b', null, undefined, 'x'.repeat(300)),
      function: fc.record({
        name: fc.constantFrom('echo', 'nope', '', '__proto__'),
        arguments: fc.constantFrom('', '{}', '{"a":1}', '{', 'null', '\ud800'),
      }),
    });
    const delta = fc.record({
      content: fc.constantFrom('', 'text', null),
      tool_calls: fc.array(call, { maxLength: 4 }),
    });
    const turns = fc.array(
      fc.tuple(fc.array(delta, { maxLength: 3 }), fc.constantFrom('stop', 'tool_calls', 'length', null, 'odd')),
      { maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(turns, async (script) => {
        const run = started({
          async *takeTurn(_messages, _tools, _signal, turn) {
            const [deltas, finish] = script[turn - 1] ?? [[], 'stop'];
            for (const each of deltas) yield chunkOf(each as Delta, null);
            yield chunkOf({}, finish);
          },
        });
        const { events, end } = await read(run);
        expectWhole(end.messages);
        const fromEvents = events.flatMap((event): Message[] => {
          if (event.type === 'answer') return [event.answer.message];
          return event.type === 'result' ? [event.message] : [];
        });
        expect(new Set(fromEvents)).toEqual(new Set(end.messages));
      }),
    );
  });
});

function chunkOf(delta: Delta, finish: string | null): Chunk {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices };
}

/** An answer with calls of these ids, and their results. */
function answered(...ids: string[]): Message[] {
  const calls = ids.map((id) => ({ id, type: 'function' as const, function: { name: 'echo', arguments: '{}' } }));
  const results = ids.map((id) => ({ role: 'tool' as const, tool_call_id: id, content: 'known' }));
  return [{ role: 'assistant', content: null, tool_calls: calls }, ...results];
}

describe('a run that is resumed', () => {
  /** Says the same on the same messages. */
  async function* deterministic(messages: readonly Message[]): AsyncGenerator<Chunk> {
    const answers = messages.filter(({ role }) => role === 'assistant').length;
    const calls = ['echo', answers === 1 ? 'nope' : 'echo'].map((name, index) => ({
      index,
      id: `c${answers}${index}`,
      function: { name, arguments: '{}' },
    }));
    yield chunkOf(answers < 4 ? { content: `turn ${answers}`, tool_calls: calls } : { content: 'end' }, 'stop');
  }

  test.each([10, 3])('anywhere comes to the same (at most %s turns)', async (mostTurns) => {
    const input = { takeTurn: deterministic, mostTurns };
    const { end } = await read(started(input));
    for (let length = 0; length < end.messages.length; length += 1) {
      const known = end.messages.slice(0, length);
      const answers = known.filter(({ role }) => role === 'assistant').length;
      const again = await read(started({ ...input, messages: [...asked, ...known], firstTurn: answers + 1 }));
      expect([...known, ...again.end.messages]).toEqual(end.messages);
      expect(again.end).toMatchObject({ reason: end.reason, turns: end.turns });
    }
  });

  test('makes the calls that lack their results, and no other', async () => {
    const [answer, ...results] = answered('a', 'b', 'c');
    const made: string[] = [];
    const port = toolsOf({
      echo: (_args, _signal, { id }) => {
        made.push(id);
        return { content: id, isError: false };
      },
    });
    const messages = [...asked, answer, results[1]].filter((message) => message !== undefined);
    const { events, end } = await read(started({ messages, tools: port }));
    expect(made).toEqual(['a', 'c']);
    expect(events[0]).toMatchObject({ type: 'call', turn: 1 });
    expect(end).toMatchObject({ turns: 2, messages: [{ content: 'a' }, { content: 'c' }, { content: 'ok' }] });
    expect(sentMessages(0)).toMatchObject([{}, {}, {}, { content: 'a' }, { content: 'known' }, { content: 'c' }]);
  });

  test('ends where it asked for what cannot be called before', async () => {
    provider.always(() => calling('nope'));
    const { end } = await read(started());
    const messages = [...asked, ...end.messages.slice(0, 4)];
    const again = await read(started({ messages, firstTurn: 3 }));
    expect(again.end).toMatchObject({ reason: 'calls', turns: 3 });
  });
});

describe('a run that is given up', () => {
  test('in a turn ends the request and throws the reason', async () => {
    provider.script({ text: 'x', endless: true });
    const abort = new AbortController();
    const run = started({ signal: abort.signal });
    await expect(async () => {
      for await (const event of run) if (event.type === 'chunk') abort.abort(new Error('enough now'));
    }).rejects.toThrow('enough now');
    expect(await provider.requests[0]?.ended).toBe('left');
  });

  test('by a reader who leaves in a turn ends the request', async () => {
    provider.script({ text: 'x', endless: true });
    for await (const event of started()) if (event.type === 'chunk') break;
    expect(await provider.requests[0]?.ended).toBe('left');
  });

  function stuck(): { port: ToolsPort; signals: AbortSignal[] } {
    const signals: AbortSignal[] = [];
    const port = toolsOf({
      stuck: (_args, signal) => {
        signals.push(signal);
        return new Promise(() => {});
      },
      echo,
      fails: () => Promise.reject(new Error('fenced')),
    });
    return { port, signals };
  }

  test('in calls does not wait for them', async () => {
    provider.script({ calls: ['stuck', 'echo'].map((name) => ({ name, arguments: {} })) });
    const { port, signals } = stuck();
    const abort = new AbortController();
    const run = started({ tools: port, signal: abort.signal });
    await expect(async () => {
      for await (const event of run) if (event.type === 'result') abort.abort(new Error('enough now'));
    }).rejects.toThrow('enough now');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test('by a reader who leaves in calls aborts them', async () => {
    provider.script({ calls: ['stuck', 'echo'].map((name) => ({ name, arguments: {} })) });
    const { port, signals } = stuck();
    for await (const event of started({ tools: port })) if (event.type === 'result') break;
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test('by a call that ends it aborts the others', async () => {
    provider.script({ calls: ['stuck', 'fails'].map((name) => ({ name, arguments: {} })) });
    const { port, signals } = stuck();
    await expect(read(started({ tools: port }))).rejects.toThrow('fenced');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test.each(['answer', 'call'])('at the event %s, before its calls began, makes none', async (type) => {
    provider.script({ calls: ['stuck', 'stuck'].map((name) => ({ name, arguments: {} })) });
    const { port, signals } = stuck();
    const abort = new AbortController();
    const run = started({ tools: port, signal: abort.signal });
    const types: string[] = [];
    await expect(async () => {
      for await (const event of run) {
        types.push(event.type);
        if (event.type === type) abort.abort(new Error('enough now'));
      }
    }).rejects.toThrow('enough now');
    expect(signals).toEqual([]);
    expect(types.at(-1)).toBe(type);
  });

  test('by the provider throws what it said, after what came', async () => {
    provider.script({ text: 'Half an answer', breakAfter: 3 });
    const events: LoopEvent[] = [];
    await expect(async () => {
      for await (const event of started()) events.push(event);
    }).rejects.toMatchObject({ name: 'ProviderError' });
    expect(events.some(({ type }) => type === 'chunk')).toBe(true);
    expect(events.some(({ type }) => type === 'answer')).toBe(false);
  });
});
