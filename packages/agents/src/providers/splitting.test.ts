import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProviderError } from '../errors.ts';
import type { Chunk, Model } from '../types.ts';
import { createAccumulator } from './accumulate.ts';
import { anthropicFormat } from './anthropic/format.ts';
import { createBody } from './body.ts';
import { failuresOf } from './failures.ts';
import { parseObject } from './json.ts';
import { openaiFormat } from './openai/format.ts';

/** However a stream is cut into pieces on its way, the same comes out. */

const folder = path.join(import.meta.dirname, 'fixtures');
const model: Model = { name: 'M', protocol: 'openai', baseUrl: '', apiKey: null, model: 'm', allowPrivate: true };

function read(name: string, pieces: readonly Buffer[]) {
  const format = name.startsWith('anthropic') ? anthropicFormat : openaiFormat;
  const failures = failuresOf(model);
  const reader = format.reader({ model, failures, choices: 1, created: 1, turnId: 'turn' });
  const chunks: Chunk[] = [];
  const joined = createAccumulator();
  function fail(text: string): never {
    throw failures.of('protocol', text);
  }
  const body = createBody({
    event: (event) => void chunks.push(...reader.event(event)),
    whole(text) {
      const parsed = parseObject(text);
      if (parsed.ok) chunks.push(...reader.whole(parsed.value));
      else fail(parsed.why);
    },
    foreign: fail,
    tooLarge: fail,
  });
  let error: string | null = null;
  try {
    for (const piece of pieces) body.push(piece);
    body.end();
    reader.end();
  } catch (thrown) {
    if (!(thrown instanceof ProviderError)) throw thrown;
    error = `${thrown.code}: ${thrown.message}`;
  }
  for (const chunk of chunks) joined.add(chunk);
  return { chunks, error, answer: joined.answer() };
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, at) => bytes.subarray(at === 0 ? 0 : ends[at - 1], end));
}

const names = readdirSync(folder).map((file) => path.parse(file).name);

describe.each(names)('%s', (name) => {
  const bytes = readFileSync(path.join(folder, `${name}.sse`));

  test('in any pieces', () => {
    const whole = read(name, [bytes]);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 40 }), (places) => {
        expect(read(name, cut(bytes, places))).toEqual(whole);
      }),
      { numRuns: 60 },
    );
    expect(
      read(
        name,
        [...bytes].map((byte) => Buffer.from([byte])),
      ),
    ).toEqual(whole);
  });

  test('cut anywhere, it is cut or whole, and what came is a part of it', () => {
    const { answer, chunks } = read(name, [bytes]);
    fc.assert(
      fc.property(fc.nat(bytes.length), (length) => {
        const part = read(name, [bytes.subarray(0, length)]);
        expect(part.chunks).toEqual(chunks.slice(0, part.chunks.length));
        expect((answer.message.content ?? '').startsWith(part.answer.message.content ?? '')).toBe(true);
        if (part.error === null) expect(part.answer.finish_reason).toBe(answer.finish_reason);
      }),
      { numRuns: 60 },
    );
  });
});

test('a whole answer is the same in any pieces', () => {
  const body = { choices: [{ index: 0, message: { role: 'assistant', content: 'Ünï' }, finish_reason: 'stop' }] };
  const bytes = Buffer.from(`\ufeff \n${JSON.stringify({ id: 'x', ...body })}`);
  const whole = read('whole', [bytes]);
  expect(whole.answer.message.content).toBe('Ünï');
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length)), (places) => {
      expect(read('whole', cut(bytes, places))).toEqual(whole);
    }),
  );
});

test('no bytes throw anything but an error of a provider', () => {
  const field = fc.constantFrom('data: ', 'event: error\n', ':', 'id: ', '\n', '\n\n', '\r\n', '{', '<', '\0');
  const oddCall = fc.record({
    index: fc.anything(),
    id: fc.anything(),
    function: fc.oneof(fc.anything(), fc.record({ name: fc.anything(), arguments: fc.anything() })),
  });
  const oddDelta = fc.record({
    content: fc.anything(),
    role: fc.anything(),
    reasoning: fc.anything(),
    tool_calls: fc.oneof(fc.anything(), fc.array(fc.oneof(fc.anything(), oddCall))),
  });
  const json = fc.json({ maxDepth: 4 }).map((text) => `data: ${text}\n\n`);
  const odd = fc
    .record(
      {
        choices: fc.array(
          fc.record(
            { index: fc.anything(), delta: fc.oneof(fc.anything(), oddDelta), finish_reason: fc.anything() },
            { requiredKeys: [] },
          ),
        ),
        usage: fc.anything(),
        error: fc.oneof(fc.constant(null), fc.anything()),
        type: fc.constantFrom('message_start', 'content_block_start', 'content_block_delta', 'message_delta', 'error'),
        index: fc.anything(),
        message: fc.anything(),
        delta: fc.anything(),
        content_block: fc.anything(),
      },
      { requiredKeys: [] },
    )
    .map((value) => `data: ${safe(value)}\n\n`);
  fc.assert(
    fc.property(fc.array(fc.oneof(field, json, odd, fc.string()), { maxLength: 12 }), (parts) => {
      for (const name of ['openai', 'anthropic-x']) {
        const { chunks } = read(name, [Buffer.from(parts.join(''))]);
        for (const chunk of chunks) expectShape(chunk);
      }
    }),
    { numRuns: 500 },
  );
});

/** Readers rely on these types. */
function expectShape({ choices, usage }: Chunk) {
  for (const { index, delta, finish_reason: finish } of choices) {
    expect(Number.isSafeInteger(index)).toBe(true);
    for (const text of [delta.content, delta.refusal, delta.reasoning_content, delta.role, finish]) {
      if (text !== undefined && text !== null) expect(typeof text).toBe('string');
    }
    for (const call of delta.tool_calls ?? []) {
      expect(Number.isSafeInteger(call.index)).toBe(true);
      for (const text of [call.id, call.function?.name, call.function?.arguments])
        if (text !== undefined && text !== null) expect(typeof text).toBe('string');
    }
  }
  if (usage !== undefined && usage !== null) expect(Number.isSafeInteger(usage.total_tokens)).toBe(true);
}

/** JSON of anything that has one. */
function safe(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each));
}
