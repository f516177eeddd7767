import { describe, expect, it } from 'vitest';
import { messageBounds } from '../../nesting.ts';
import { maxMethodLength } from '../../rpc.ts';
import type { JsonRpcMessage } from '../../types.ts';
import { admit, type Malformed } from './gate.ts';

function pass(text: string) {
  const messages: JsonRpcMessage[] = [];
  const faults: Malformed[] = [];
  const known = admit(text, {
    message: (message) => messages.push(message),
    malformed: (fault) => faults.push(fault),
  });
  return { known, messages, faults };
}

function through(message: object) {
  return pass(JSON.stringify({ jsonrpc: '2.0', ...message }));
}
function deep(levels: number) {
  return `${'['.repeat(levels)}${']'.repeat(levels)}`;
}

describe('what the gate lets through', () => {
  it.each([
    { id: 1, result: {} },
    { id: 'a', result: { tools: [] }, extra: 1 },
    { id: 1, error: { code: -32000, message: '', data: [1] } },
    { id: null, error: { code: -32700, message: 'Parse error' } },
    { id: 0, method: 'ping' },
    { method: 'notifications/message', params: { level: 'info' } },
    { method: 'x'.repeat(maxMethodLength) },
  ])('as it is: %j', (message) => {
    expect(through(message)).toEqual({ known: true, messages: [{ jsonrpc: '2.0', ...message }], faults: [] });
  });

  it.each([
    ['a result beside an absent error', { id: 1, result: { a: 1 }, error: null }, { id: 1, result: { a: 1 } }],
    ['every field written', { id: 1, method: null, params: null, result: {}, error: null }, { id: 1, result: {} }],
    ['an empty method', { id: 1, method: '', result: {} }, { id: 1, result: {} }],
    [
      'an error beside an absent result',
      { id: 1, result: null, error: { code: 1, message: 'x' } },
      { id: 1, error: { code: 1, message: 'x' } },
    ],
    ['a result of nothing', { id: 1, result: null }, { id: 1, result: {} }],
    ['an empty list for an empty object', { id: 1, result: [] }, { id: 1, result: {} }],
    ['params of nothing', { method: 'x', params: null }, { method: 'x' }],
    [
      'a notification with an absent id',
      { id: null, method: 'x', params: { a: 1 } },
      { method: 'x', params: { a: 1 } },
    ],
    ['a question with an empty list', { id: 3, method: 'x', params: [] }, { id: 3, method: 'x' }],
  ])('read as what it means: %s', (_, message, read) => {
    expect(through(message)).toEqual({ known: true, messages: [{ jsonrpc: '2.0', ...read }], faults: [] });
  });

  it('behind a byte order mark', () => {
    const reply = { jsonrpc: '2.0', id: 1, result: { a: 1 } };
    expect(pass(`\ufeff${JSON.stringify(reply)}`)).toEqual({ known: true, messages: [reply], faults: [] });
    expect(pass(`\ufeff\ufeff${JSON.stringify(reply)}`)).toMatchObject({ known: false });
  });

  it('in a batch, each for itself', () => {
    const { messages, faults } = pass('[{"jsonrpc":"2.0","id":1,"error":null},7,{"jsonrpc":"2.0","id":2,"result":{}}]');
    expect(messages).toEqual([{ jsonrpc: '2.0', id: 2, result: {} }]);
    expect(faults.map(({ ids }) => ids)).toEqual([[1], []]);
  });

  it('as deep as the limit', () => {
    const text = `{"jsonrpc":"2.0","id":1,"result":{"a":${deep(messageBounds.depth - 2)}}}`;
    expect(pass(text).messages).toEqual([JSON.parse(text)]);
  });
});

describe('what the gate stops', () => {
  it.each([
    ['only an absent error', { id: 1, error: null }, [1], 'neither a result nor an error'],
    ['neither', { id: 1 }, [1], 'neither a result nor an error'],
    ['a result that is a text', { id: 1, result: 'x' }, [1], 'Its result is no object: "x"'],
    ['a result that is a list', { id: 1, result: [1] }, [1], 'Its result is no object: [1]'],
    ['an error that is a text', { id: 'a', error: 'broken' }, ['a'], '"broken"'],
    ['an error without a code', { id: 1, error: { message: 'x' } }, [1], 'no numeric code'],
    ['an error whose message is a number', { id: 1, error: { code: 1, message: 2 } }, [1], '{"code":1,"message":2}'],
    ['an id that is an object', { id: {}, result: {} }, [], 'Its id'],
    ['a method that is a number', { method: 5 }, [], 'Its method'],
    ['a method that is an object', { method: {}, params: {} }, [], 'Its method'],
    ['a method that is null', { method: null }, [], 'Its method'],
    ['a long method', { method: 'x'.repeat(maxMethodLength + 1) }, [], `has ${maxMethodLength + 1} characters`],
    ['params that are a text', { method: 'x', params: 'y' }, [], 'Its params'],
    ['an id that is true', { id: true, method: 'x' }, [], 'Its id'],
  ])('%s', (_, message, ids, reason) => {
    const { known, messages, faults } = through(message);
    expect({ known, messages }).toEqual({ known: true, messages: [] });
    expect(faults).toEqual([{ ids, reason: expect.stringContaining(reason) }]);
  });

  it.each([
    ['the id first', `{"jsonrpc":"2.0","id":7,"result":{"a":${deep(8_000)}}}`, [7]],
    ['the id last', `{"jsonrpc":"2.0","result":{"a":${deep(8_000)}},"id":7}`, [7]],
    ['a notification', `{"jsonrpc":"2.0","method":"x","params":{"a":${deep(8_000)}}}`, []],
    ['millions of levels without an end', `{"jsonrpc":"2.0","id":7,"result":${'['.repeat(8_000_000)}`, [7]],
  ])('too deep a message: %s', (_, text, ids) => {
    expect(pass(text)).toEqual({
      known: true,
      messages: [],
      faults: [{ ids, reason: expect.stringContaining('deeper') }],
    });
  });

  it('a batch of too many, and says whose answers were in it', () => {
    const parts = Array.from({ length: 1_001 }, (_, id) => ({ jsonrpc: '2.0', id, result: {} }));
    const { messages, faults } = pass(JSON.stringify(parts));
    expect(messages).toEqual([]);
    expect(faults[0]?.ids).toHaveLength(1_001);
    expect(faults[0]?.reason).toContain('1001 messages');
  });

  it.each(['', 'null', '1', '[]', '[1]', '{}', '{"jsonrpc":"1.0"}', '{', '"2.0"', '\u0000'])(
    'nothing of what is no JSON-RPC: %j',
    (text) => {
      expect(pass(text)).toEqual({ known: false, messages: [], faults: [] });
    },
  );
});

describe('a notification', () => {
  function notification(characters: number) {
    return through({ method: 'notifications/message', params: { data: 'x'.repeat(characters) } });
  }

  it('may be long, and not without end: nobody waits for it', () => {
    expect(notification(1_000_000).messages).toHaveLength(1);
    const { messages, faults } = notification(2_000_000);
    expect(messages).toEqual([]);
    expect(faults).toEqual([{ ids: [], reason: expect.stringMatching(/^A notification has 2000\d+ characters/) }]);
    expect(through({ id: 1, result: { text: 'x'.repeat(2_000_000) } }).messages).toHaveLength(1);
  });

  it('has no other way around its bound', () => {
    const params = { data: 'x'.repeat(2_000_000) };
    const reply = { jsonrpc: '2.0', id: 1, result: params };
    expect(through({ id: null, method: 'notifications/message', params }).messages).toEqual([]);
    const batch = [{ jsonrpc: '2.0', method: 'notifications/message', params }, reply];
    expect(pass(JSON.stringify(batch)).messages).toEqual([reply]);
  });
});
