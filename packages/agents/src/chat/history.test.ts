import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AssistantMessage, Message, ToolMessage } from '../types.ts';
import { estimateTokens } from './estimate.ts';
import { historyOf } from './history.ts';

const call = {
  id: 'a',
  type: 'function' as const,
  function: { name: 'f', arguments: '{}' },
  extra_content: { signed: 'x' },
};
const thoughts: Partial<AssistantMessage> = {
  reasoning_content: 'Hm.',
  thinking_blocks: [{ type: 'thinking', thinking: 'Hm.', signature: 'x' }],
  reasoning_details: [{ text: 'Hm.' }],
};
const using: AssistantMessage = { role: 'assistant', content: null, tool_calls: [call], ...thoughts };
const result: ToolMessage = { role: 'tool', tool_call_id: 'a', content: 'done' };
const image = { type: 'image_url' as const, image_url: { url: 'data:image/png;base64,AAAA' } };

function ask(content: string): Message {
  return { role: 'user', content };
}

test('all rounds follow one prompt, with the new question last', () => {
  const rounds = [
    {
      messages: [
        { role: 'system' as const, content: 'Old.' },
        ask('one'),
        using,
        result,
        { role: 'assistant' as const, content: 'One.', refusal: 'x' },
      ],
    },
    {
      messages: [
        ask('two'),
        { role: 'assistant' as const, content: '' },
        { role: 'developer' as const, content: 'Old.' },
      ],
    },
  ];
  expect(historyOf({ rounds, system: 'New.', user: 'three', images: true })).toEqual([
    { role: 'system', content: 'New.' },
    ask('one'),
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
    },
    result,
    { role: 'assistant', content: 'One.', refusal: 'x' },
    ask('two'),
    ask('three'),
  ]);
  expect(historyOf({ rounds: [], system: '', user: 'x', images: true })).toEqual([ask('x')]);
});

test('what was thought stays within the loop of tools that goes on', () => {
  const before = {
    messages: [ask('one'), using, result, { role: 'assistant' as const, content: 'One.', ...thoughts }],
  };
  const history = historyOf({ rounds: [before, { messages: [ask('two'), using, result] }], images: true });
  expect(history.slice(-2)).toEqual([using, result]);
  expect(JSON.stringify(history.slice(0, -2))).not.toMatch(/Hm|signed/);
});

test('calls without a result get a word for it, but for those that are made next', () => {
  const open = { messages: [ask('one'), using] };
  expect(historyOf({ rounds: [open], images: true })).toEqual([ask('one'), using]);
  expect(historyOf({ rounds: [open], user: 'two', images: true }).map(({ role }) => role)).toEqual([
    'user',
    'assistant',
    'tool',
    'user',
  ]);
  const cut = { messages: [ask('one'), using, { ...using, tool_calls: [{ ...call, id: 'b' }] }] };
  expect(historyOf({ rounds: [cut], images: true })).toMatchObject([
    {},
    {},
    { tool_call_id: 'a' },
    { tool_calls: [{ id: 'b' }] },
  ]);
});

test('images are left out with a note where the model takes none', () => {
  const content = [{ type: 'text' as const, text: 'Look' }, image];
  const rounds = [
    {
      messages: [
        { role: 'user' as const, content },
        using,
        { role: 'tool' as const, tool_call_id: 'a', content: [image] },
      ],
    },
  ];
  const text = JSON.stringify(historyOf({ rounds, user: [image], images: false }));
  expect(text).not.toContain('image_url');
  expect(text.match(/An image is left out/g)?.length).toBe(3);
  expect(JSON.stringify(historyOf({ rounds, user: [image], images: true })).match(/image_url"}?:/g)?.length).toBe(3);
});

test('whatever the rounds were, each call has one result, and each result its call', () => {
  const message = fc.oneof(
    fc.constantFrom<Message>(ask('x'), { role: 'assistant', content: 'x' }, { role: 'system', content: 'x' }),
    fc
      .array(fc.constantFrom('a', 'b'), { maxLength: 2 })
      .map((ids): Message => ({ ...using, tool_calls: ids.map((id) => ({ ...call, id })) })),
    fc.constantFrom('a', 'b').map((id): Message => ({ ...result, tool_call_id: id })),
  );
  fc.assert(
    fc.property(fc.array(fc.record({ messages: fc.array(message, { maxLength: 6 }) }), { maxLength: 4 }), (rounds) => {
      let open: string[] = [];
      for (const each of historyOf({ rounds, user: 'x', images: true })) {
        expect(each.role).not.toBe('system');
        if (each.role === 'tool') {
          expect(open).toContain(each.tool_call_id);
          open.splice(open.indexOf(each.tool_call_id), 1);
          continue;
        }
        expect(open).toEqual([]);
        open = each.role === 'assistant' ? (each.tool_calls ?? []).map(({ id }) => id) : [];
      }
    }),
  );
});

test('an estimate counts texts by their length and images as such', () => {
  expect(estimateTokens([ask('x'.repeat(400))])).toBeGreaterThanOrEqual(100);
  expect(estimateTokens([ask('x'.repeat(400))])).toBeLessThan(120);
  expect(estimateTokens([{ ...image, image_url: { url: `data:${'A'.repeat(100_000)}` } }])).toBeLessThan(1100);
});
