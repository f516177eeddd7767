import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AssistantMessage, Message, ToolMessage } from '../types.ts';
import { compactBrutally, compactPrecisely } from './compact.ts';

function using(...ids: string[]): AssistantMessage {
  const calls = ids.map((id) => ({ id, type: 'function' as const, function: { name: 'f', arguments: '{}' } }));
  return {
    role: 'assistant',
    content: 'I look.',
    tool_calls: calls,
    thinking_blocks: [{ type: 'redacted_thinking', data: 'x' }],
  };
}
function result(id: string, content: ToolMessage['content']): ToolMessage {
  return { role: 'tool', tool_call_id: id, content };
}
const system: Message = { role: 'system', content: 'Be brief.' };
const user: Message = { role: 'user', content: 'Hello' };
const answer: Message = { role: 'assistant', content: 'Done.' };
const signal = new AbortController().signal;

function isOf(role: Message['role']) {
  return (message: Message) => message.role === role;
}

describe('brutally', () => {
  test('a round keeps its prompt, its question and its last answer', () => {
    const messages = [
      system,
      user,
      using('a'),
      result('a', 'x'.repeat(4000)),
      user,
      system,
      answer,
      { role: 'assistant' as const, content: null },
    ];
    const rounds = [
      { round: 1, messages },
      { round: 2, messages: [user, using('a', 'b'), result('a', 'x')] },
      { round: 3, messages: [] },
    ];
    const compacted = compactBrutally(rounds);
    expect(compacted.rounds).toEqual([
      { round: 1, messages: [system, user, answer] },
      { round: 2, messages: [user, { role: 'assistant', content: 'I look.' }] },
    ]);
    expect(compacted.statistics).toMatchObject({
      originalRounds: 3,
      originalMessages: 11,
      compactedRounds: 2,
      compactedMessages: 5,
      compressionRatio: 0.5455,
      toolContentsSummarized: 0,
    });
    expect(compacted.statistics.originalTokens).toBeGreaterThan(1000);
    expect(compacted.statistics.compressedTokens).toBeLessThan(100);
    expect(compacted.statistics.reductionRate).toMatch(/^9\d%$/);
  });

  test('nothing comes of nothing', () => {
    expect(compactBrutally([]).statistics).toMatchObject({ compressionRatio: 0, reductionRate: '0%' });
  });
});

describe('precisely', () => {
  const long = `begin ${'x'.repeat(3000)}`;

  test('long results get a summary, all else stays', async () => {
    const image = { type: 'image_url' as const, image_url: { url: 'https://x' } };
    const messages = [
      user,
      using('a', 'b', 'c'),
      result('a', long),
      result('b', 'short'),
      result('c', [{ type: 'text', text: long }, image]),
      answer,
    ];
    const asked: string[] = [];
    const compacted = await compactPrecisely([{ messages }], {
      threshold: long.length,
      signal,
      summarise: (text) => {
        asked.push(text);
        return Promise.resolve(' Short. ');
      },
    });
    expect(asked).toEqual([long, long]);
    const marked = `[Summary of ${long.length} characters]\nShort.`;
    const [, , first, , third] = messages;
    const expected = messages.map((message) => {
      if (message === first) return result('a', marked);
      return message === third || message === messages[4]
        ? result('c', [{ type: 'text', text: marked }, image])
        : message;
    });
    expect(compacted.rounds[0]?.messages).toEqual(expected);
    expect(compacted.statistics).toMatchObject({
      compressionRatio: 0,
      toolContentsSummarized: 2,
      compactedMessages: 6,
    });
  });

  test.each<[string, () => Promise<string>]>([
    ['fails', () => Promise.reject(new Error('no'))],
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['is empty', () => Promise.resolve(' \n')],
    ['is longer than the text', () => Promise.resolve(`${long} and more`)],
  ])('where a summary %s, the beginning stays', async (_what, summarise) => {
    const messages = [user, using('a'), result('a', long)];
    const { rounds, statistics } = await compactPrecisely([{ messages }], { threshold: 2000, signal, summarise });
    const content = `${long.slice(0, 200)}\n[Cut: these are the first of ${long.length} characters.]`;
    expect(rounds[0]?.messages.at(-1)).toEqual(result('a', content));
    expect(statistics.toolContentsSummarized).toBe(0);
  });

  test('few summaries are asked for at once, and none after the signal', async () => {
    const messages = [
      using(...Array.from({ length: 20 }, (_, at) => String(at))),
      ...Array.from({ length: 20 }, (_, at) => result(String(at), long)),
    ];
    let open = 0;
    let most = 0;
    const { statistics } = await compactPrecisely([{ messages }], {
      threshold: 10,
      signal,
      summarise: async () => {
        most = Math.max(most, (open += 1));
        await new Promise((resolve) => void setImmediate(resolve));
        open -= 1;
        return 'Short.';
      },
    });
    expect(most).toBe(4);
    expect(statistics.toolContentsSummarized).toBe(20);
    const abort = new AbortController();
    let asked = 0;
    const given = compactPrecisely([{ messages }], {
      threshold: 10,
      signal: abort.signal,
      summarise: () => {
        asked += 1;
        abort.abort(new Error('given up'));
        return Promise.resolve('Short.');
      },
    });
    await expect(given).rejects.toThrow('given up');
    expect(asked).toBe(1);
  });
});

test('no call is left without its result, whatever there was', async () => {
  const ids = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 });
  const message = fc.oneof(
    fc.constantFrom(system, user, answer),
    ids.map((each): Message => using(...new Set(each))),
    fc
      .tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('short', 'long '.repeat(10)))
      .map(([id, text]): Message => result(id, text)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(message, { maxLength: 8 }), { maxLength: 4 }), async (all) => {
      const rounds = all.map((messages) => ({ messages }));
      const options = { threshold: 20, signal, summarise: () => Promise.resolve('s') };
      for (const { rounds: after } of [compactBrutally(rounds), await compactPrecisely(rounds, options)]) {
        for (const { messages } of after) {
          const called = messages.flatMap((each) =>
            each.role === 'assistant' ? (each.tool_calls ?? []).map(({ id }) => id) : [],
          );
          const answered = messages.filter(isOf('tool')).map((each) => (each as ToolMessage).tool_call_id);
          expect(answered.toSorted()).toEqual(called.toSorted());
        }
      }
    }),
  );
});
