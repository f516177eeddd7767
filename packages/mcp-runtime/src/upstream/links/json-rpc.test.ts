import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oversizeResponseId, requestId, responseId } from './json-rpc.ts';

function ends(text: string) {
  const bytes = Buffer.from(text);
  return { head: bytes.subarray(0, 4096), tail: bytes.subarray(-4096) };
}

const big = { deep: [{ id: 99, text: '"id":98}', more: 'é"\\'.repeat(4_000) }] };

describe('messages', () => {
  it('have the id of a request or of a response', () => {
    expect(requestId({ jsonrpc: '2.0', id: 0, method: 'x' })).toBe(0);
    expect(requestId({ jsonrpc: '2.0', method: 'x' })).toBeNull();
    expect(requestId({ jsonrpc: '2.0', id: 'a', result: {} })).toBeNull();
    expect(responseId({ jsonrpc: '2.0', id: 'a', result: {} })).toBe('a');
    expect(responseId({ jsonrpc: '2.0', id: 'a', method: 'x' })).toBeNull();
  });
});

describe('an oversize message', () => {
  it.each([
    ['the id first', { jsonrpc: '2.0', id: 5, result: big }, 5],
    ['a text as id', { jsonrpc: '2.0', id: 'a"}b', result: big }, 'a"}b'],
    ['the id last', { result: big, jsonrpc: '2.0', id: 6 }, 6],
    ['the version last', { result: big, id: 'x', jsonrpc: '2.0' }, 'x'],
    ['an error', { jsonrpc: '2.0', id: 7, error: { code: 1, message: 'x', data: big } }, 7],
    ['a request', { jsonrpc: '2.0', id: 8, method: 'sampling/createMessage', params: big }, null],
    ['a notification', { method: 'notifications/message', params: big, jsonrpc: '2.0' }, null],
  ])('tells whose answer it is: %s', (_, message, id) => {
    expect(oversizeResponseId(ends(JSON.stringify(message)))).toBe(id);
    expect(oversizeResponseId(ends(JSON.stringify(message, null, 1)))).toBe(id);
  });

  it('never tells a wrong id', () => {
    fc.assert(
      fc.property(fc.json(), fc.oneof(fc.integer(), fc.string()), fc.boolean(), (inner, id, last) => {
        const body = `{"a":${inner},"pad":"${'x'.repeat(5_000)}","b":${inner}}`;
        const text = last
          ? `{"result":${body},"jsonrpc":"2.0","id":${JSON.stringify(id)}}`
          : `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${body}}`;
        expect(oversizeResponseId(ends(text))).toBe(id);
        expect([null, id]).toContain(oversizeResponseId(ends(text.slice(0, -1))));
      }),
    );
  });

  it('survives bytes that are nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const found = oversizeResponseId({ head: Buffer.from(bytes), tail: Buffer.from(bytes) });
        expect(['number', 'string', 'object']).toContain(typeof found);
      }),
    );
  });
});
