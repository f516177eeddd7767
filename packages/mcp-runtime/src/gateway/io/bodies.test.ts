import { describe, expect, it } from 'vitest';
import { maxMethodLength } from '../../rpc.ts';
import { messageOf, readBody } from './bodies.ts';

const long = { jsonrpc: '2.0', id: 1, method: 'x'.repeat(maxMethodLength + 1) };

describe('a body', () => {
  it('may name a method of 256 characters and no longer one', () => {
    const longest = { ...long, method: 'x'.repeat(maxMethodLength) };
    expect(messageOf(longest)).toEqual(longest);
    expect(() => messageOf(long)).toThrow('Invalid Request: the name of a method may have at most 256 characters');
  });

  it.each([null, []])('may say that it has no params by %j', (params) => {
    const message = messageOf({ jsonrpc: '2.0', id: 1, method: 'ping', params });
    expect(message).toStrictEqual({ jsonrpc: '2.0', id: 1, method: 'ping' });
  });

  it.each<[string, object, string]>([
    ['params are a list', { params: [1] }, 'params has to be an object, and is a list'],
    ['params are a text', { params: 'x' }, 'params has to be an object, and is a string'],
    ['method is a number', { method: 5 }, 'method has to be a text'],
    ['version is missing', { jsonrpc: undefined }, 'jsonrpc has to be "2.0"'],
    ['method is too long', { method: long.method }, 'at most 256 characters'],
  ])('whose %s is refused by its id, with what is wrong', (_, over, message) => {
    let refusal: unknown;
    try {
      messageOf({ jsonrpc: '2.0', id: 'mine', method: 'ping', ...over });
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({ idText: '"mine"', error: { message: expect.stringContaining(message) } });
  });

  it('without an id that can be given back is refused by none', () => {
    for (const id of [null, true, {}]) {
      expect(() => messageOf({ jsonrpc: '2.0', id, method: 'ping' })).toThrow(
        expect.objectContaining({ idText: null, message: expect.stringContaining('id has to be a text or a number') }),
      );
    }
  });

  it('that is a batch loses only what is no message, each told by its id', () => {
    const fine = { jsonrpc: '2.0', id: 2, method: 'ping' };
    const { messages, faults } = readBody([long, fine, { jsonrpc: '2.0', id: 3, method: 5 }]);
    expect(messages).toEqual([fine]);
    expect(faults.map((text) => JSON.parse(text) as unknown)).toMatchObject([
      { id: 1, error: { code: -32600, message: expect.stringContaining('at most 256') } },
      { id: 3, error: { code: -32600, message: expect.stringContaining('method has to be a text') } },
    ]);
  });
});
