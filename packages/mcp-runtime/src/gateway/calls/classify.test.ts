import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonRpcRequest } from '../../types.ts';
import { Meta } from '../../versions.ts';
import { HttpRefusal } from '../io/http-io.ts';
import { classify, type RoutingHeaders } from './classify.ts';

const modern = '2026-07-28';
const envelope: JsonObject = {
  [Meta.protocolVersion]: modern,
  [Meta.clientCapabilities]: {},
  [Meta.clientInfo]: { name: 'c' },
};
function request(method: string, params?: JsonObject): JsonRpcRequest {
  return {
    jsonrpc: '2.0',
    id: 1,
    method,
    ...(params === undefined ? {} : { params }),
  };
}
const none: RoutingHeaders = { version: undefined, method: undefined, name: undefined };
function headers(over: Partial<RoutingHeaders> = {}): RoutingHeaders {
  return {
    ...none,
    version: modern,
    method: 'tools/call',
    name: 'echo',
    ...over,
  };
}
function call(meta: JsonObject = envelope, params: JsonObject = { name: 'echo' }): JsonRpcRequest {
  return request('tools/call', { ...params, _meta: meta });
}

function refusal(message: Parameters<typeof classify>[0], given: RoutingHeaders): HttpRefusal {
  try {
    classify(message, given);
  } catch (error) {
    if (error instanceof HttpRefusal) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('a request is of the session era', () => {
  test.each([
    ['initialize', request('initialize', { protocolVersion: '2025-11-25' }), none],
    ['a request without envelope', request('tools/call', { name: 'echo' }), none],
    ['one with a version header of its era', request('tools/call'), headers({ version: '2025-06-18' })],
    ['one with other metadata', request('tools/call', { _meta: { progressToken: 1 } }), none],
    [
      'initialize with a modern envelope missing parts',
      request('initialize', { _meta: { [Meta.protocolVersion]: modern } }),
      none,
    ],
  ])('%s', (_what, message, given) => {
    expect(classify(message, given)).toEqual({ era: 'legacy' });
  });

  test('a notification without envelope or header', () => {
    expect(classify({ jsonrpc: '2.0', method: 'notifications/initialized' }, none)).toEqual({ era: 'legacy' });
  });
});

describe('a request is of the stateless era', () => {
  test('by its envelope, which is given on', () => {
    expect(classify(call(), headers())).toEqual({ era: 'modern', meta: envelope });
  });

  test('with a name in base64', () => {
    const named = call(envelope, { name: 'écho' });
    expect(classify(named, headers({ name: '=?base64?w6ljaG8=?=' }))).toMatchObject({ era: 'modern' });
  });

  test('without a name header where the method has no name', () => {
    expect(
      classify(request('tools/list', { _meta: envelope }), headers({ method: 'tools/list', name: undefined })),
    ).toMatchObject({
      era: 'modern',
    });
  });

  test('a notification by its header', () => {
    const message = { jsonrpc: '2.0', method: 'notifications/cancelled' } as const;
    expect(classify(message, headers({ method: undefined }))).toMatchObject({ era: 'modern' });
  });
});

describe('is refused, with the code for it:', () => {
  function without(key: string): JsonObject {
    return Object.fromEntries(Object.entries(envelope).filter(([name]) => name !== key));
  }
  test.each([
    ['a version header that differs', call(), headers({ version: '2025-11-25' }), -32020],
    ['no version header', call(), headers({ version: undefined }), -32020],
    ['a method header that differs', call(), headers({ method: 'tools/list' }), -32020],
    ['no method header', call(), headers({ method: undefined }), -32020],
    ['a name header that differs', call(), headers({ name: 'other' }), -32020],
    ['no name header', call(), headers({ name: undefined }), -32020],
    ['a name header of bad base64', call(), headers({ name: '=?base64?!?=' }), -32020],
    ['initialize under a modern header', request('initialize', {}), headers(), -32020],
    [
      'an unknown modern version',
      call({ ...envelope, [Meta.protocolVersion]: '2030-01-01' }),
      headers({ version: '2030-01-01' }),
      -32022,
    ],
    ['a header of no version there is', request('tools/list'), headers({ version: 'banana' }), -32022],
    ['initialize under such a header', request('initialize', {}), headers({ version: 'banana' }), -32022],
    ['an envelope without capabilities', call(without(Meta.clientCapabilities)), headers(), -32602],
    ['capabilities that are no object', call({ ...envelope, [Meta.clientCapabilities]: [] }), headers(), -32602],
    ['client information that is no object', call({ ...envelope, [Meta.clientInfo]: 'me' }), headers(), -32602],
    ['a log level that is no text', call({ ...envelope, [Meta.logLevel]: 3 }), headers(), -32602],
    ['a version that is no text', call({ ...envelope, [Meta.protocolVersion]: 7 }), headers(), -32602],
    ['a modern header without envelope', request('tools/call', { name: 'echo' }), headers(), -32602],
  ])('%s', (_what, message, given, code) => {
    const { status, error } = refusal(message, given);
    expect([status, error.code]).toEqual([400, code]);
  });

  test('the versions that would be right are named', () => {
    const message = call({ ...envelope, [Meta.protocolVersion]: '2030-01-01' });
    const { error } = refusal(message, headers({ version: '2030-01-01' }));
    expect(error.data).toEqual({ supported: [modern], requested: '2030-01-01' });
    expect(error.message).toBe(
      'Unsupported protocol version: 2030-01-01. The hub speaks 2026-07-28, 2025-11-25, 2025-06-18, 2025-03-26, 2024-11-05',
    );
  });
});
