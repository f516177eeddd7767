import type { IncomingHttpHeaders } from 'node:http';
import { Agent, type Dispatcher } from 'undici';
import { LinkError } from '../link.ts';
import { checkUrl, createGuardedConnector, type AddressPolicy } from '../url-guard.ts';

/**
 * Which connections an exchange uses. A server's question is answered on the `side` lane: were it queued behind the very
 * calls that wait for the answer, nothing would move. Streams that stay open have connections of their own.
 */
export type Lane = 'calls' | 'side' | 'streams';

/** Keep-alive connections per origin and address policy; more exchanges than that wait for a free one. */
const CONNECTIONS: Record<Lane, number | null> = { calls: 512, side: 32, streams: null };
const MAX_REDIRECTS = 3;

export interface HttpRequest {
  method: 'GET' | 'POST' | 'DELETE';
  target: Target;
  /** Name, value, name, value. */
  headers: readonly string[];
  /** The same without what the owner configured: sent where a redirect leads to another origin. */
  publicHeaders: readonly string[];
  body: string | null;
  lane: Lane;
}

/** A URL prepared for many requests. */
export interface Target {
  origin: string;
  path: string;
}

/** Sees one exchange; after `end` or `failed` nothing more comes. */
export interface HttpHandler {
  /** `target` is where the answer came from, after redirects. */
  response(status: number, headers: IncomingHttpHeaders, target: Target): void;
  data(chunk: Buffer): void;
  end(): void;
  failed(error: LinkError): void;
}

export interface HttpExchange {
  /** Ends the exchange; its handler hears nothing more. */
  stop(): void;
}

export interface HttpClient {
  exchange(request: HttpRequest, handler: HttpHandler): HttpExchange;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** An HTTP client that contacts only what the policy allows, at every connection and redirect. */
export function createHttpClient(policy: AddressPolicy): HttpClient {
  const connect = createGuardedConnector(policy);
  const lane = (connections: number | null) =>
    new Agent({ connect, connections, pipelining: 1, allowH2: false, headersTimeout: 0, bodyTimeout: 0 });
  const lanes: Record<Lane, Agent> = {
    calls: lane(CONNECTIONS.calls),
    side: lane(CONNECTIONS.side),
    streams: lane(CONNECTIONS.streams),
  };
  return {
    exchange: (request, handler) => startExchange(lanes[request.lane], policy, request, handler),
    close: async () => {
      await Promise.all(Object.values(lanes).map((agent) => agent.destroy()));
    },
  };
}

export function toTarget(url: URL): Target {
  return { origin: url.origin, path: url.pathname + url.search };
}

function startExchange(agent: Agent, policy: AddressPolicy, request: HttpRequest, handler: HttpHandler): HttpExchange {
  let done = false;
  let controller: Dispatcher.DispatchController | null = null;

  const abort = () => {
    done = true;
    controller?.abort(new Error('aborted'));
    controller = null;
  };
  const fail = (error: LinkError) => {
    if (done) return;
    abort();
    handler.failed(error);
  };

  const dispatch = (target: Target, redirects: number, sameOrigin: boolean) => {
    let next: Target | null = null;
    agent.dispatch(
      {
        origin: target.origin,
        path: target.path,
        method: request.method,
        headers: (sameOrigin ? request.headers : request.publicHeaders) as string[],
        body: request.body,
      },
      {
        onRequestStart: (started) => {
          controller = started;
          if (done) abort();
        },
        onResponseStart: (_, status, headers) => {
          if (done || status < 200) return;
          if (status > 300 && status < 400 && status !== 304) {
            try {
              next = redirect(request, target, status, headers, policy, redirects);
            } catch (error) {
              fail(error as LinkError);
            }
            return;
          }
          handler.response(status, headers, target);
        },
        onResponseData: (_, chunk) => {
          if (!done && next === null) handler.data(chunk);
        },
        onResponseEnd: () => {
          if (done) return;
          controller = null;
          if (next !== null) {
            dispatch(next, redirects + 1, sameOrigin && next.origin === request.target.origin);
            return;
          }
          done = true;
          handler.end();
        },
        onResponseError: (_, error) => fail(networkError(target, error)),
      },
    );
  };

  dispatch(request.target, 0, true);
  return { stop: abort };
}

function redirect(
  request: HttpRequest,
  from: Target,
  status: number,
  headers: IncomingHttpHeaders,
  policy: AddressPolicy,
  redirects: number,
): Target {
  const location = headers.location;
  const url = location === undefined ? null : URL.parse(location, from.origin + from.path);
  if (url === null)
    throw new LinkError('http', `The server redirects (HTTP ${status}) but does not say where to.`, { status });
  if (redirects >= MAX_REDIRECTS) {
    throw new LinkError(
      'http',
      `The server redirects more than ${MAX_REDIRECTS} times; the last one leads to ${url.href}.`,
      { status },
    );
  }
  if (request.method !== 'GET' && status !== 307 && status !== 308) {
    throw new LinkError('http', `The server redirects to ${url.href} (HTTP ${status}): use that address.`, { status });
  }
  checkUrl(url.href, policy);
  if (from.origin.startsWith('https:') && url.protocol === 'http:') {
    throw new LinkError('forbidden_url', `The server redirects from https to ${url.href}, which is not encrypted.`);
  }
  return toTarget(url);
}

function networkError(target: Target, error: Error): LinkError {
  if (error instanceof LinkError) return error;
  const code = errorCode(error);
  // After these the server may have seen the message, so it is not for us to say it was not delivered.
  const broke = BROKEN.has(code);
  return new LinkError(broke ? 'closed' : 'unreachable', networkMessage(target, code, error), { cause: error });
}

const NO_HTTP = 'HTTPParserError';
const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH', NO_HTTP]);

function errorCode(error: Error): string {
  if (error.name === NO_HTTP) return NO_HTTP;
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error && 'code' in first ? String(first.code) : '';
}

function networkMessage(target: Target, code: string, error: Error): string {
  const host = target.origin;
  switch (code) {
    case 'ECONNREFUSED':
      return `Nothing answers at ${host}: the connection was refused.`;
    case 'ENOTFOUND':
      return `The host name of ${host} is not known.`;
    case 'EAI_AGAIN':
      return `The host name of ${host} could not be looked up: the name service does not answer.`;
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return `${host} does not answer: the connection could not be made in time.`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `There is no route to ${host}.`;
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
      return `${host} ended the connection before its answer was complete.`;
    case NO_HTTP:
      return `What answers at ${host} does not speak HTTP (${error.message}).`;
    default:
      return `${host} could not be reached: ${error.message}`;
  }
}
