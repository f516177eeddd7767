import { describe, expect, it } from 'vitest';
import { givenOf, inputOf, readResult, tableOf } from './tool-result.ts';
import type { CallResult } from './types.ts';

function resultOf(content: CallResult['message']['content']): CallResult {
  return { message: { role: 'tool', tool_call_id: 'c', content }, detail: null };
}

describe('a result', () => {
  it('is read without what only models are told, and as JSON where it is some', () => {
    expect(readResult(resultOf('Tool add succeeded:\n{"sum": 3}'))).toEqual({
      text: '{"sum": 3}',
      images: [],
      json: { sum: 3 },
    });
    expect(readResult(resultOf('Tool add failed:\n[broken')).json).toBeUndefined();
  });

  it('has images only where they are in it', () => {
    const { images, text } = readResult(
      resultOf([
        { type: 'text', text: 'Tool draw succeeded:\nA circle' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=' } },
        { type: 'image_url', image_url: { url: 'https://example.com/spy.png' } },
      ]),
    );
    expect([text, images]).toEqual(['A circle', ['data:image/png;base64,aGk=']]);
  });
});

describe('what a call was given', () => {
  it('begins a form where it is a JSON object that a form takes', () => {
    expect(givenOf('{"city":"Oslo"}')).toEqual({ city: 'Oslo' });
    for (const text of ['', '[1]', '"Oslo"', '{"city":', JSON.stringify({ text: 'x'.repeat(100_000) })]) {
      expect(givenOf(text)).toBeUndefined();
    }
  });
});

describe('a table', () => {
  it('is made of rows of one shape, also where an object holds nothing else', () => {
    const rows = [
      { a: 1, b: 'x' },
      { a: 2, c: { d: 1 } },
    ];
    const table = {
      columns: ['a', 'b', 'c'],
      rows: [
        ['1', 'x', ''],
        ['2', '', '{"d":1}'],
      ],
      more: 0,
    };
    expect(tableOf(rows)).toEqual(table);
    expect(tableOf({ items: rows })).toEqual(table);
  });

  it('is not made of anything else, and not without bounds', () => {
    for (const value of [null, [1, 2], [{ a: 1 }], { a: 1 }, [{ a: 1 }, null]]) expect(tableOf(value)).toBeNull();
    const wide = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`c${index}`, 1]));
    expect(tableOf([wide, wide])).toBeNull();
    const many = tableOf(Array.from({ length: 150 }, () => ({ a: 'x'.repeat(900) })));
    expect([many?.rows.length, many?.more, many?.rows[0]?.[0]?.length]).toEqual([100, 50, 501]);
  });
});

it('takes what a model wrote for a tool, where it is an object', () => {
  expect(inputOf('{"a": 1}')).toEqual({ a: 1 });
  expect(inputOf('[1]')).toEqual({});
  expect(inputOf('{broken')).toEqual({});
});
