import type { IncomingHttpHeaders } from 'node:http';
import { excessOf } from '../../nesting.ts';
import { isId, isObject, isSameId } from '../../rpc.ts';
import type { JsonRpcId } from '../../types.ts';
import { LinkError } from '../link.ts';
import { isJsonRpc, withoutMark } from './gate.ts';
import { joined } from './lines.ts';

/** Makes the error for an HTTP answer that is not 2xx. */
export function refusal(
  status: number,
  headers: IncomingHttpHeaders,
  body: unknown,
  options: { inSession: boolean },
): LinkError {
  const challenge = headers['www-authenticate'];
  const details = { status, body, ...(challenge === undefined ? {} : { cause: { challenge } }) };
  if (status === 401 || (status === 403 && challenge !== undefined)) {
    return new LinkError('unauthorized', `The server wants a sign-in (HTTP ${status}).`, details);
  }
  if (options.inSession && (status === 404 || sessionUnknown(status, body))) {
    return new LinkError('session_lost', 'The server no longer knows the session.', details);
  }
  return new LinkError('http', `The server refused the message with HTTP ${status}${reason(body)}.`, details);
}

// What the reference SDK's examples, and the many servers made from them, answer instead of a 404.
function sessionUnknown(status: number, body: unknown): boolean {
  if (status !== 400) return false;
  const { code, message } = errorIn(body);
  return (code === -32000 || code === -32001) && typeof message === 'string' && /\bsession\b/i.test(message);
}

function reason(body: unknown): string {
  const { message } = errorIn(body);
  return typeof message === 'string' ? `: ${message}` : '';
}

function errorIn(body: unknown): { code?: unknown; message?: unknown } {
  return isJsonRpc(body) && isObject(body['error']) ? body['error'] : {};
}

/** Whether an HTTP error carries the JSON-RPC error that answers the request. */
export function answersRequest(status: number, body: unknown, id: JsonRpcId | null): boolean {
  return (
    status !== 401 &&
    id !== null &&
    isJsonRpc(body) &&
    isObject(body['error']) &&
    isId(body['id']) &&
    isSameId(body['id'], id)
  );
}

/** Reads a body of bounded size. */
export class Body {
  /** Bytes that came, kept or not. */
  size = 0;
  private chunks: Buffer[] = [];
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** False once the limit is passed: the body is dropped then, and only counted. */
  push(chunk: Buffer): boolean {
    this.size += chunk.length;
    if (this.size <= this.limit) this.chunks.push(chunk);
    else this.chunks = [];
    return this.size <= this.limit;
  }

  text(): string {
    return joined(this.chunks).toString('utf8');
  }
}

/** A body as JSON, or as the text it is; also where it is nested too deep to be passed on. */
export function parseBody(given: string): unknown {
  const text = withoutMark(given);
  if (excessOf(text) !== null) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
