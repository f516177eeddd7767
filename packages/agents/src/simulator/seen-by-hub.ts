import type { Outcome, RpcError, RpcReply, WireFault } from './ports.ts';
import { errorCodes, errorReply } from './protocol/message.ts';

function errorOf(wire: WireFault): RpcError | null {
  switch (wire.kind) {
    case 'http-status': {
      const { status, message, retryAfterSeconds } = wire;
      if (retryAfterSeconds === null) return { code: errorCodes.server, message: `HTTP ${status}: ${message}` };
      return { code: errorCodes.rateLimited, message: `HTTP ${status}: ${message}`, data: { retryAfterSeconds } };
    }
    case 'cut':
      return { code: errorCodes.server, message: 'The connection was closed before the answer was there' };
    case 'malformed':
      return { code: errorCodes.server, message: 'The answer is no JSON' };
    case 'wrong-id':
      return { code: errorCodes.server, message: 'The answer has the id of another request' };
    case 'drip':
      return null;
  }
}

/**
 * The reply for callers who are not at the product's own URL: the reply, or the error that is nearest to the effect of
 * the wire.
 */
export function replyWithoutWire({ reply, wire }: Outcome): RpcReply | null {
  const error = wire === null ? null : errorOf(wire);
  return error === null ? reply : errorReply(reply?.id ?? null, error);
}
