import { expect, test } from 'vitest';
import { ErrorCode, RpcError } from '../rpc.ts';
import { asRpcError, isInDoubt, withoutReason } from './failures.ts';
import { LinkError } from './link.ts';

test.each([
  ['the server answered with an error', new RpcError(-32603, 'Internal error'), false],
  ['a limit', new RpcError(ErrorCode.rateLimited, 'Rate limit', { limit: 1, retryAfterSeconds: 1 }), false],
  ['nobody listens', new LinkError('unreachable', 'refused'), false],
  ['a sign-in is wanted', new LinkError('unauthorized', '401', { status: 401 }), false],
  ['the session is not known', new LinkError('session_lost', '404', { status: 404 }), false],
  ['the message was refused', new LinkError('http', '422', { status: 422 }), false],
  ['the session was lost in it', new LinkError('session_lost', '500', { status: 500 }), true],
  ['a gateway answered', new LinkError('http', '502', { status: 502 }), true],
  ['the request took too long', new LinkError('http', '408', { status: 408 }), true],
  ['the connection ended', new LinkError('closed', 'reset'), true],
  ['the answer was too large', new LinkError('too_large', 'large'), true],
  ['the answer was none', new LinkError('malformed', 'odd'), true],
  ['no answer came in time', new RpcError(ErrorCode.server, 'timed out', { timeout: true }), true],
  ['nobody foresaw it', new TypeError('x'), true],
])('whether a call may have been made: %s', (_why, error, expected) => {
  const told = asRpcError(error, 's');
  expect([isInDoubt(told), isInDoubt(withoutReason(told, 's'))]).toEqual([expected, expected]);
});
