import { ErrorCode, RpcError } from '../rpc.ts';
import type { JsonObject, ServerSpec } from '../types.ts';
import { LinkError } from './link.ts';
import type { UpstreamState } from './state.ts';

/** Why a start or a list failed, in a sentence for people. */
export function describeFailure(error: unknown): string {
  if (error instanceof LinkError || error instanceof RpcError) return error.message;
  if (error instanceof Error && error.name === 'TimeoutError') return 'The server did not finish its start in time';
  return error instanceof Error ? error.message : String(error);
}

export function wantsSignIn(error: unknown): boolean {
  return error instanceof LinkError && error.code === 'unauthorized';
}

/** What a caller is told of a server that a person switched off. */
export function notOn(spec: ServerSpec): RpcError {
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
