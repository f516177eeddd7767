import { expect, test } from 'vitest';
import type { JsonObject } from '../../types.ts';
import type { Target } from '../target.ts';
import { recordOf, type ForwardedCall } from './call-record.ts';

function going(target: Partial<Target>): ForwardedCall {
  return {
    peer: { clientInfo: { name: 'client' }, endpoint: 'all', credential: { key: 'user:u:s' }, via: 'mcp' },
    call: { trace: null, requestId: 'r' },
    target: { serverId: 'files', method: 'tools/call', name: 'read', params: { arguments: { path: '/x' } }, ...target },
    startedAt: 1,
  } as unknown as ForwardedCall;
}

function failed(record: Target['record'], result: JsonObject) {
  return recordOf(going({ record: record ?? null }), { durationMs: 1, outcome: 'tool_error', error: null, result });
}

const refused = {
  isError: true,
  content: [
    { type: 'text', text: 'ERP-403' },
    { type: 'text', text: 'more' },
  ],
};

test.each([
  [null, null, undefined, undefined],
  ['errors', 'ERP-403', undefined, undefined],
  ['arguments', 'ERP-403', { path: '/x' }, undefined],
  ['all', 'ERP-403', { path: '/x' }, refused],
] as const)('a record that keeps %s has of a failed tool the error %j', (record, errorMessage, args, result) => {
  const made = failed(record, refused);
  expect(made.errorMessage).toBe(errorMessage);
  expect([made.arguments, made.result]).toEqual([args, result]);
});

test.each([
  [{ isError: true }, ''],
  [{ isError: true, content: 'text' }, ''],
  [{ isError: true, content: [null, 1, { type: 'text' }, { type: 'image', text: 'no' }] }, ''],
  [
    {
      isError: true,
      content: [
        { type: 'text', text: '' },
        { type: 'text', text: 'second' },
      ],
    },
    'second',
  ],
] as [JsonObject, string][])('the first text of %j is %j', (result, text) => {
  expect(failed('errors', result).errorMessage).toBe(text);
});

test('a record has what the call was given wherever it has a text that may quote it', () => {
  function ended(record: Target['record'], outcome: 'ok' | 'tool_error', result: JsonObject) {
    return recordOf(going({ record: record ?? null }), { durationMs: 1, outcome, error: null, result }).given;
  }
  const given = { path: '/x' };
  expect(ended('errors', 'tool_error', refused)).toEqual(given);
  expect(ended('all', 'ok', { content: [] })).toEqual(given);
  expect(ended('errors', 'ok', { content: [] })).toBeUndefined();
  expect(ended(null, 'tool_error', refused)).toBeUndefined();
});

test('a long text, and a text behind many blocks, are given in a bounded part', () => {
  const long = { isError: true, content: [{ type: 'text', text: 'x'.repeat(1_000_000) }] };
  expect(failed('errors', long).errorMessage).toHaveLength(8_192);
  const many = Array.from({ length: 100 }, () => ({ type: 'image' }));
  expect(failed('errors', { content: [...many, { type: 'text', text: 'late' }] }).errorMessage).toBe('');
});

test('a result that is no error gives no text', () => {
  const ended = { durationMs: 1, outcome: 'ok', error: null, result: { content: refused.content } } as const;
  expect(recordOf(going({ record: 'errors' }), ended).errorMessage).toBeNull();
});
