import { isObject } from '@switchboard/basics';
import type { Needed } from '../personal.ts';
import { type Reason, say, textOf, whyOf } from '../reasons.ts';
import { ErrorCode, RpcError } from '../rpc.ts';
import type { JsonObject, Launch, ServerSpec } from '../types.ts';
import { CallerNeeded } from './caller-needed.ts';
import { wayTo } from './launch-facts.ts';
import { LinkError, type LinkErrorCode } from './link.ts';
import type { UpstreamState } from './state.ts';

/** The error of a request that its caller cancelled. */
export function cancelled(): RpcError {
  return new RpcError(ErrorCode.server, say('cancelled'), { cancelled: true });
}

/** Why a start or a list failed, in a sentence for people. */
export function describeFailure(error: unknown): string {
  return textOf(whyOf(error));
}

/** A start that takes too long. */
export class StartTooLong extends Error {
  override name = 'TimeoutError';
  readonly reason: Reason;
  readonly seconds: number;
  constructor(seconds: number, reason: Reason) {
    super(reason.text);
    this.seconds = seconds;
    this.reason = reason;
  }
}

/** A refusal with what the person whose instance it is can do about that, where it is something. */
export function withNeeded(error: unknown, refused: () => Needed | null): unknown {
  if (!(error instanceof LinkError) || error.code !== 'unauthorized' || error.needed !== null) return error;
  const needed = refused();
  if (needed === null) return error;
  const { status, retryAfterSeconds } = error;
  const how = { needed, retryAfterSeconds, cause: error, ...(status !== null && { status }) };
  return new LinkError(error.code, whyOf(error), how);
}

/** What keeps a start from being for the person that it was for; null where it is another failure. */
export function neededFor(error: unknown): Needed | null {
  return error instanceof LinkError ? error.needed : null;
}

/** The caller's error for a broken link: the server's own, where it gave one. */
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

/** The error of a start that takes too long. */
export function startTooLong(launch: Launch, ms: number): StartTooLong {
  const seconds = ms / 1000;
  return new StartTooLong(seconds, say(wayTo(launch) === 'stdio' ? 'tooLong' : 'tooLongRemote', { seconds }));
}

/** The same with what the program said of it, where it said something known. */
export function explained(error: unknown, trouble: Reason | string | null): unknown {
  if (trouble === null || !(error instanceof StartTooLong)) return error;
  const { seconds } = error;
  return new StartTooLong(seconds, say('tooLongBecause', { seconds, reason: trouble }));
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

/** The caller's error for a server that a person switched off. */
export function notOn(spec: Pick<ServerSpec, 'id' | 'desired'>): RpcError {
  const phase = spec.desired === 'disabled' ? 'disabled' : 'stopped';
  const why = say(phase === 'disabled' ? 'switchedOff' : 'switchedStopped', { id: spec.id });
  return new RpcError(ErrorCode.server, why, { serverId: spec.id, phase });
}

/** A server that cannot be reached; the reason may quote its command and what it wrote. */
export class UnavailableError extends RpcError {
  constructor(why: Reason, data: JsonObject) {
    super(ErrorCode.server, why, data);
  }
}

/** A broken link in words a client can use. */
export function asRpcError(error: unknown, serverId: string): RpcError {
  if (error instanceof RpcError) return error;
  if (error instanceof LinkError) {
    const { code, status, retryAfterSeconds, needed } = error;
    if (needed !== null) return new CallerNeeded(serverId, needed);
    return new UnavailableError(say('ofServer', { id: serverId, reason: whyOf(error) }), {
      serverId,
      reason: code,
      ...(status !== null && { httpStatus: status }),
      ...(retryAfterSeconds !== null && { retryAfterSeconds }),
    });
  }
  return new UnexpectedError(ErrorCode.internal, 'Internal error');
}

/** An unforeseen error within the hub. */
class UnexpectedError extends RpcError {}

/** Failures before a message left the hub, and refusals of a server that has not carried it out. */
const undone: ReadonlySet<unknown> = new Set<LinkErrorCode>([
  'unreachable',
  'forbidden_url',
  'unauthorized',
  'session_lost',
]);

/**
 * Whether it is unknown if the failed call was carried out: the connection ended, the answer was invalid, or it came
 * too late. An error of the server itself is known.
 */
export function isInDoubt(error: unknown): boolean {
  if (!(error instanceof RpcError) || error instanceof UnexpectedError) return true;
  const { reason, httpStatus, timeout, cancelled: given } = isObject(error.data) ? error.data : {};
  if (timeout === true || given === true) return true;
  // A server that does not run got no request.
  if (!(error instanceof UnavailableError) || reason === undefined) return false;
  const isRefused = typeof httpStatus === 'number' && httpStatus >= 400 && httpStatus < 500 && httpStatus !== 408;
  if (reason === 'session_lost') return typeof httpStatus === 'number' && !isRefused;
  return !undone.has(reason) && !(reason === 'http' && isRefused);
}

/** The same for a caller who may not know the reason. */
export function withoutReason(error: RpcError, serverId: string): RpcError {
  if (!(error instanceof UnavailableError)) return error;
  return new UnavailableError(say('untold', { id: serverId }), isObject(error.data) ? error.data : {});
}

/** The caller's error for a server that does not run though it should. */
export function unavailable(spec: ServerSpec, state: UpstreamState): RpcError {
  const reason = state.needsSignIn ? say('wantsSignIn') : (state.error ?? say('doesNotStart'));
  return new UnavailableError(say('notAvailable', { id: spec.id, reason }), {
    serverId: spec.id,
    phase: state.phase,
    ...(state.nextRetryAt === null ? {} : { nextRetryAt: new Date(state.nextRetryAt).toISOString() }),
  });
}

/** The caller's error for a server that waits for what people have to give first. */
export function notYetOwned({ id }: Pick<ServerSpec, 'id'>, reason: Reason): RpcError {
  return new RpcError(ErrorCode.server, say('notAvailable', { id, reason }), { serverId: id });
}

/** The caller's error for a further instance that could not be opened. */
export function notOpened(spec: ServerSpec, error: unknown): RpcError {
  if (error instanceof RpcError && error.data !== undefined) return error;
  if (error instanceof LinkError && error.needed !== null) return new CallerNeeded(spec.id, error.needed);
  return new UnavailableError(say('notAvailable', { id: spec.id, reason: whyOf(error) }), { serverId: spec.id });
}
