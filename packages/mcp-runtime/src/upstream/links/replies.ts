import type { IncomingHttpHeaders } from 'node:http';
import { isObject } from '@switchboard/basics';
import { excessOf } from '../../nesting.ts';
import { type Reason, say } from '../../reasons.ts';
import { isId, isSameId } from '../../rpc.ts';
import type { JsonRpcId } from '../../types.ts';
import { LinkError } from '../link.ts';
import { isJsonRpc, withoutMark } from './gate.ts';
import { joined } from './lines.ts';
import { retryAfterOf, saidIn } from './said.ts';

/** Makes the error for an HTTP answer that is not 2xx. */
export function refusal(status: number, headers: IncomingHttpHeaders, body: unknown): LinkError {
  const challenge = headers['www-authenticate'];
  const retryAfterSeconds = retryAfterOf(headers['retry-after']);
  const details = { status, body, retryAfterSeconds, ...(challenge === undefined ? {} : { cause: { challenge } }) };
  const wantsSignIn = status === 401 || (status === 403 && challenge !== undefined);
  const why = reasonOf(wantsSignIn, status, saidBy(body, challenge), retryAfterSeconds);
  return new LinkError(wantsSignIn ? 'unauthorized' : 'http', why, details);
}

function reasonOf(wantsSignIn: boolean, status: number, reason: string, seconds: number | null): Reason {
  if (seconds === null) {
    if (reason === '') return say(wantsSignIn ? 'sentSignIn' : 'refused', { status });
    return say(wantsSignIn ? 'sentSignInSaying' : 'refusedSaying', { status, reason });
  }
  if (reason === '') return say(wantsSignIn ? 'sentSignInFor' : 'refusedFor', { status, seconds });
  return say(wantsSignIn ? 'sentSignInForSaying' : 'refusedForSaying', { status, reason, seconds });
}

/** The server's text, as a sentence; empty for none. */
function saidBy(body: unknown, challenge: string | undefined): string {
  const { message } = errorIn(body);
  const said = saidIn(typeof message === 'string' ? message : body) || describedBy(challenge);
  return said === '' || /[.!?…]$/.test(said) ? said : `${said}.`;
}

/** The description of the refused credentials in a challenge (RFC 6750, 3). */
function describedBy(challenge: string | undefined): string {
  const described = /error_description="([^"]{1,300})"/.exec(challenge ?? '')?.[1];
  return described === undefined ? '' : saidIn(described);
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

/** Reads a body of bounded size; of a larger one it keeps nothing, or its beginning. */
export class Body {
  /** Bytes that came, kept or not. */
  size = 0;
  private chunks: Buffer[] = [];
  private readonly limit: number;
  private readonly keepsBeginning: boolean;

  constructor(limit: number, keepsBeginning = false) {
    this.limit = limit;
    this.keepsBeginning = keepsBeginning;
  }

  /** False once the limit is passed: what comes then is only counted. */
  push(chunk: Buffer): boolean {
    const room = this.limit - this.size;
    this.size += chunk.length;
    if (this.size <= this.limit) this.chunks.push(chunk);
    else if (!this.keepsBeginning) this.chunks = [];
    else if (room > 0) this.chunks.push(chunk.subarray(0, room));
    return this.size <= this.limit;
  }

  text(): string {
    return joined(this.chunks).toString('utf8');
  }

  /** The same of an error, which may be written in another alphabet than messages are. */
  textIn(headers: IncomingHttpHeaders): string {
    const bytes = joined(this.chunks);
    const named = /;\s*charset="?([\w.:-]{1,40})/i.exec(headers['content-type'] ?? '')?.[1];
    try {
      return new TextDecoder(named).decode(bytes);
    } catch {
      return bytes.toString('utf8');
    }
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
