import { describe, expect, it } from 'vitest';
import { MAX_METHOD_LENGTH } from '../rpc.ts';
import { messageOf, readBody } from './bodies.ts';

const long = { jsonrpc: '2.0', id: 1, method: 'x'.repeat(MAX_METHOD_LENGTH + 1) };

describe('a body', () => {
  it('may name a method of 256 characters and no longer one', () => {
    const longest = { ...long, method: 'x'.repeat(MAX_METHOD_LENGTH) };
    expect(messageOf(longest)).toEqual(longest);
    expect(() => messageOf(long)).toThrow('Invalid Request: the name of a method may have at most 256 characters');
  });

  it('may say that it has no params by null', () => {
    const message = messageOf({ jsonrpc: '2.0', id: 1, method: 'ping', params: null });
    expect(message).toStrictEqual({ jsonrpc: '2.0', id: 1, method: 'ping' });
    expect(() => messageOf({ jsonrpc: '2.0', id: 1, method: 'ping', params: [] })).toThrow('Invalid Request');
  });

  it('that is a batch loses only what is no message, each told by its id', () => {
    const fine = { jsonrpc: '2.0', id: 2, method: 'ping' };
    const { messages, faults } = readBody([long, fine, { jsonrpc: '2.0', id: 3, method: 5 }]);
    expect(messages).toEqual([fine]);
    expect(faults.map((text) => JSON.parse(text) as unknown)).toMatchObject([
      { id: 1, error: { code: -32600, message: expect.stringContaining('at most 256') } },
      { id: 3, error: { code: -32600, message: expect.stringContaining('expected a JSON-RPC') } },
    ]);
  });
});
