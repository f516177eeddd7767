import { isObject } from '@switchboard/basics';
import { isSameId } from '../../rpc.ts';
import type { JsonRpcErrorObject, JsonRpcId } from '../../types.ts';
import { LinkError } from '../link.ts';
import { isJsonRpc } from './gate.ts';
import { saidIn } from './said.ts';

/**
 * The meaning of a refusal for its session: none, that it is lost, or unclear. The specification says 404; servers also
 * answer 400 with any text or code, 410, 5xx, or an error with 200.
 */
export type Doubt = 'none' | 'ask' | 'lost';

/** Refusals of a sign-in or of the pace, whatever they say. */
const ofSomethingElse = new Set([401, 407, 408, 425, 429]);
export function namesSession(body: unknown): boolean {
  const error = isObject(body) && isObject(body['error']) ? body['error'] : null;
  return /session|会话|會話/i.test(saidIn(error?.['message'] ?? body));
}

/** `id` is that of the request which was refused, null where it was none. */
export function doubtOf(status: number, body: unknown, id: JsonRpcId | null): Doubt {
  if (status === 404) return isReplyTo(body, id) && !namesSession(body) ? 'ask' : 'lost';
  if (status === 400 || status === 410) return 'ask';
  return isOfSession(status, body) ? 'ask' : 'none';
}

function isOfSession(status: number, body: unknown): boolean {
  return status >= 400 && !ofSomethingElse.has(status) && namesSession(body);
}

/** The same over HTTP+SSE, where a session is its stream: who refuses to take a message for it has lost it. */
export function isLostStream(status: number, body: unknown): boolean {
  return status === 404 || status === 410 || isOfSession(status, body);
}

/** Whether an error that answers a request may mean that the session is lost. */
export function isDoubtful({ message }: JsonRpcErrorObject): boolean {
  return namesSession(message);
}

function isReplyTo(body: unknown, id: JsonRpcId | null): boolean {
  return isJsonRpc(body) && id !== null && isSameId((body['id'] ?? null) as JsonRpcId | null, id);
}

/**
 * The error of a message whose session is lost. A server that refuses it has not carried it out; one that failed on it
 * (5xx) may have.
 */
export function sessionLost({ status, body, message }: LinkError): LinkError {
  const text =
    status !== null && status >= 500
      ? `The server no longer knows the session, and may have carried out the message: ${message}`
      : 'The server no longer knows the session.';
  return new LinkError('session_lost', text, { body, ...(status !== null && { status }) });
}
