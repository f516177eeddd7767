import { afterAll, beforeEach, expect, test } from 'vitest';
import { createProviders } from '../../providers/providers.ts';
import { startProvider } from '../../testing/provider.ts';
import type { JsonObject, Message, Model } from '../../types.ts';
import { runLoop } from '../loop.ts';
import type { LoopEnd, LoopEvent, LoopInput } from '../types.ts';

/** The loop with a model that knows no functions: over HTTP it gets text, and whoever reads the events sees calls. */

const provider = await startProvider();
const providers = createProviders();
afterAll(async () => {
  await providers.close();
  await provider[Symbol.asyncDispose]();
});
beforeEach(() => {
  provider.forget();
});

const model: Model = {
  name: 'S',
  model: 's',
  protocol: 'openai',
  baseUrl: provider.url,
  apiKey: null,
  allowPrivate: true,
};
const asked: Message[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Hello' },
];
const parameters = { type: 'object', properties: { limit: { type: 'integer' } } };

async function run(over: Partial<LoopInput> = {}): Promise<{ events: LoopEvent[]; end: LoopEnd }> {
  const loop = runLoop({
    messages: asked,
    takeTurn: (messages, tools, signal) => providers.runTurn(model, messages, tools, signal),
    tools: {
      tools: [{ type: 'function', function: { name: 'list', parameters } }],
      call: (_call, args) => Promise.resolve({ content: JSON.stringify(args), isError: false }),
    },
    signal: new AbortController().signal,
    protocol: 'tool_action',
    ...over,
  });
  const events: LoopEvent[] = [];
  for (;;) {
    const step = await loop.next();
    if (step.done === true) return { events, end: step.value };
    events.push(step.value);
  }
}

function sent(request: number): { role: string; content: string }[] {
  return provider.requests[request]?.body?.['messages'] as { role: string; content: string }[];
}

const action = '<tool_action name="list"><limit value="3" /></tool_action>';
const unclosed: JsonObject = { is_error: true, content: expect.stringContaining('Write <tool_action') };

test('a call is text to the model and a call to everybody else', async () => {
  provider.script({ text: `Let me see. ${action}` }, { text: 'Three.' });
  const { events, end } = await run();
  const types = events.map(({ type }) => type).filter((type) => type !== 'chunk');
  expect(types).toEqual(['turn', 'answer', 'call', 'result', 'turn', 'answer']);
  const shown = events.flatMap((event) =>
    event.type === 'chunk' ? [event.chunk.choices[0]?.delta.content ?? ''] : [],
  );
  expect(shown.join('')).toBe('Let me see. Three.');
  const call = { id: 'call_1_0', type: 'function', function: { name: 'list', arguments: '{"limit":3}' } };
  expect(end.messages).toEqual([
    { role: 'assistant', content: 'Let me see. ', tool_calls: [call] },
    { role: 'tool', tool_call_id: 'call_1_0', content: '{"limit":3}' },
    { role: 'assistant', content: 'Three.' },
  ]);
  expect(provider.requests[0]?.body).not.toHaveProperty('tools');
  expect(sent(0)[0]?.content).toMatch(/^Be brief\.\n\n# Tools[^]*## list\n- limit \(integer\)/);
  expect(sent(1).slice(2)).toEqual([
    { role: 'assistant', content: 'Let me see. \n<tool_action name="list">\n<limit value="3" />\n</tool_action>' },
    {
      role: 'user',
      content: '[SYSTEM_FEEDBACK]\n<tool_output name="list" status="success">\n{"limit":3}\n</tool_output>',
    },
  ]);
});

test('the same call is made twice, until the user says something', async () => {
  provider.always(() => ({ text: action }));
  const { events, end } = await run();
  expect(events.filter(({ type }) => type === 'call').length).toBe(2);
  expect(end).toMatchObject({ reason: 'calls', turns: 5 });
  expect(end.messages[5]).toMatchObject({ is_error: true, content: expect.stringMatching(/2 times already/) });
  provider.script({ text: action }, { text: 'Done.' });
  const again = await run({ messages: [...asked, ...end.messages, { role: 'user', content: 'Again' }] });
  expect(again.end.reason).toBe('stop');
  expect(again.events.filter(({ type }) => type === 'call').length).toBe(1);
});

test('an action without an end is told back, and is not made', async () => {
  provider.script({ text: 'x <tool_action name="list"><limit value="3" />' }, { text: 'Sorry.' });
  const { events, end } = await run();
  expect(events.filter(({ type }) => type === 'call')).toEqual([]);
  expect(end.messages).toMatchObject([{ content: 'x ' }, unclosed, { content: 'Sorry.' }]);
});

test('a run that is resumed goes on as it would have', async () => {
  provider.always(({ body }) => ({
    text: JSON.stringify(body).includes('<tool_output') ? 'Done.' : `${action}${action}`,
  }));
  const { end } = await run();
  const known = end.messages.slice(0, 2);
  const again = await run({ messages: [...asked, ...known], firstTurn: 2 });
  expect([...known, ...again.end.messages]).toEqual(end.messages);
});
