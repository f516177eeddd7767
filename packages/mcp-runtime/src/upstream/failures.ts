import { ErrorCode, isObject, RpcError } from '../rpc.ts';
import type { JsonObject, Launch, ServerSpec } from '../types.ts';
import { wayTo } from './launch-facts.ts';
import { LinkError } from './link.ts';
import type { UpstreamState } from './state.ts';

/** What a request ends with whose caller gave it up. */
export function cancelled(): RpcError {
  return new RpcError(ErrorCode.server, 'Request cancelled', { cancelled: true });
}

/** Why a start or a list failed, in a sentence for people. */
export function describeFailure(error: unknown): string {
  if (error instanceof LinkError || error instanceof RpcError) return error.message;
  return error instanceof Error ? error.message : String(error);
}

/** What a broken link means to the caller of a request: the error the server gave with it, where it gave one. */
export function linkFailure(error: unknown): unknown {
  if (!(error instanceof LinkError) || error.code === 'session_lost') return error;
  const body = isObject(error.body) && isObject(error.body['error']) ? error.body['error'] : null;
  if (body !== null && typeof body['code'] === 'number') {
    const message = typeof body['message'] === 'string' ? body['message'] : error.message;
    return new RpcError(body['code'], message, withWait(body['data'], error));
  }
  return error;
}

/** Data of an error with how long the server asks to wait, where it asks and has not said so itself. */
function withWait(data: unknown, { retryAfterSeconds }: LinkError): unknown {
  if (retryAfterSeconds === null || (data !== undefined && !isObject(data))) return data;
  return { retryAfterSeconds, ...data };
}

/** What ends a start that takes too long. */
export function startTooLong(launch: Launch, ms: number): DOMException {
  const advice =
    wayTo(launch) === 'stdio'
      ? 'Look at its log, and whether it needs the network for its first run'
      : 'Look whether an MCP server answers at its URL';
  return new DOMException(`The server did not finish its start in ${ms / 1000} s. ${advice}.`, 'TimeoutError');
}

/** The same with what the program said of it, where it said something known. */
export function explained(reason: unknown, trouble: string | null): unknown {
  if (trouble === null || !(reason instanceof DOMException) || reason.name !== 'TimeoutError') return reason;
  const [what = ''] = reason.message.split('. ', 1);
  return new DOMException(`${what}: ${trouble}`, 'TimeoutError');
}

/** The longest wait that the hub itself keeps to before it starts a server again. */
const longestWaitMs = 3_600_000;

/** How long a server that failed asks not to be started again. */
export function askedToWaitMs(error: unknown): number {
  const seconds = error instanceof LinkError ? (error.retryAfterSeconds ?? 0) : 0;
  return Math.min(longestWaitMs, seconds * 1000);
}

export function wantsSignIn(error: unknown): boolean {
  return error instanceof LinkError && error.code === 'unauthorized';
}

/** What a caller is told of a server that a person switched off. */
export function notOn(spec: Pick<ServerSpec, 'id' | 'desired'>): RpcError {
  const how = spec.desired === 'disabled' ? 'disabled; enable it first' : 'stopped; start it first';
  const phase = spec.desired === 'disabled' ? 'disabled' : 'stopped';
  return new RpcError(ErrorCode.server, `Server ${spec.id} is ${how}`, { serverId: spec.id, phase });
}

/** A server that cannot be reached; the reason may quote its command and what it wrote. */
export class UnavailableError extends RpcError {
  constructor(message: string, data: JsonObject) {
    super(ErrorCode.server, message, data);
  }
}

/** A broken link in words a client can use. */
export function asRpcError(error: unknown, serverId: string): RpcError {
  if (error instanceof RpcError) return error;
  if (error instanceof LinkError) {
    const { message, code, status, retryAfterSeconds } = error;
    return new UnavailableError(`Server ${serverId}: ${message}`, {
      serverId,
      reason: code,
      ...(status !== null && { httpStatus: status }),
      ...(retryAfterSeconds !== null && { retryAfterSeconds }),
    });
  }
  return new RpcError(ErrorCode.internal, 'Internal error');
}

/** The same for a caller who may not know the reason. */
export function withoutReason(error: RpcError, serverId: string): RpcError {
  if (!(error instanceof UnavailableError)) return error;
  const text = `Server ${serverId} is not available now. Those who may read its log see why.`;
  return new RpcError(error.code, text, error.data);
}

/** What a caller is told of a server that does not run though it should. */
export function unavailable(spec: ServerSpec, state: UpstreamState): RpcError {
  const why = state.needsSignIn ? 'it wants a sign-in' : (state.error ?? 'it does not start');
  return new UnavailableError(`Server ${spec.id} is not available: ${why}`, {
    serverId: spec.id,
    phase: state.phase,
    ...(state.nextRetryAt === null ? {} : { nextRetryAt: new Date(state.nextRetryAt).toISOString() }),
  });
}

/** What a caller is told of a further instance that could not be opened. */
export function notOpened(spec: ServerSpec, error: unknown): RpcError {
  if (error instanceof RpcError && error.data !== undefined) return error;
  const text = `Server ${spec.id} is not available: ${describeFailure(error)}`;
  return new UnavailableError(text, { serverId: spec.id });
}
