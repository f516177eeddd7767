import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Answer, familyOf, isReservedMcpPath, type Problem } from '@switchboard/api/dialects';
import { type Actor, fromDatabase, isDatabaseAway, type Log, messageOf } from '@switchboard/core';
import { runtimeCredentialOf } from '@switchboard/core/access';
import type { Credential, Runtime, Tracer } from '@switchboard/mcp-runtime/types';
import type { Config } from '../config.ts';
import type { OauthDoor } from '../oauth/door.ts';
import { type Challenge, mayCall, refusalOfGrant } from '../oauth/gate.ts';
import type { ProductDoor } from '../simulator/door.ts';
import { readAddress } from './address.ts';
import { writeAnswer } from './answer.ts';
import type { Caller, ReadHeader } from './authenticate.ts';
import { type Bodies, requestTimeoutMs } from './bodies.ts';
import { answerBroken, headerProblem, readHeaderBytes } from './broken.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';
import { type Drain, stoppingAnswer } from './drain.ts';
import { createGuard } from './guard.ts';
import { requestIdHeader } from './headers.ts';
import { type McpTarget, mcpTargetOf, messagesPathOf, routeOf } from './mcp-target.ts';
import { type ListenedRequest, traceRequest } from './request-trace.ts';
import type { Sockets } from './sockets.ts';
import { cutUnread } from './unread.ts';
import { acceptSockets, wantsSocket } from './upgrades.ts';

export interface ListenerOptions {
  config: Config;
  log: Log;
  runtime: Pick<Runtime, 'handleHttp'>;
  drain: Pick<Drain, 'begun' | 'refusing' | 'enter'>;
  bodies: Bodies;
  /** Finds out who calls an MCP endpoint. */
  identify(header: ReadHeader): Caller | Promise<Caller>;
  /** Signs programs in; null: there is nobody to sign in. */
  oauth: OauthDoor | null;
  /** Further headers for the answer to a refused request. */
  refusalHeaders(pathname: string, address: string | null): Record<string, string>;
  /** WebSockets at /ws. */
  sockets: Sockets;
  /** Answers for simulated products. */
  products: ProductDoor;
  /** Begins traces of requests; null: there are none. */
  tracer: Tracer | null;
  /** Answers everything that is neither MCP nor a product. */
  web(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** For what a browser may show or embed; no MCP answer is such a thing. */
const documentHeaders: Readonly<Record<string, string>> = {
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Pages of a sign-in, which web clients open in a popup: without its opener the client takes it for closed. */
const popups = /^\/(?:oauth\/authorize|ui\/oauth)(?:\/|$)/;

/** Answered until the port closes, so that monitors learn here that the hub stops. They have no traces. */
const probes: ReadonlySet<string> = new Set(['/health', '/ready', '/metrics']);

/** Paths that mean the same however they are read. */
const plainPath = /^\/[\w\-/~:@!$&'()*+,;=]*$/;

/**
 * The path of a request; `/` where it has none. A path that could be read in two ways (dots, escapes, another origin
 * before it) is normalised, on the request too, so that the check and the answer are about the same path.
 */
function pathnameOf(request: IncomingMessage): string {
  const target = request.url ?? '';
  const end = target.indexOf('?');
  const path = end === -1 ? target : target.slice(0, end);
  if (plainPath.test(path)) return path;
  const url = URL.parse(target.startsWith('/') ? `http://hub${target}` : target);
  if (url === null) return '/';
  request.url = `${url.pathname}${url.search}`;
  return url.pathname;
}

/** Whether a request names more than one host: a proxy before the hub may use the other. */
function hasTwoHosts({ rawHeaders }: IncomingMessage): boolean {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts > 1;
}

function twoHosts(pathname: string): Answer {
  const { body } = familyOf(pathname)({ code: 'invalid', message: 'A request names one host, not two.' });
  return { status: 400, headers: {}, body };
}

function headerOf(request: IncomingMessage) {
  return (name: string) => {
    const value = request.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };
}

/** A word of another API under /mcp/ is only for MCP clients to trip over when they really speak MCP. */
function speaksMcp(request: IncomingMessage): boolean {
  return (
    request.headers['mcp-session-id'] !== undefined ||
    request.headers['mcp-protocol-version'] !== undefined ||
    (request.headers.accept ?? '').includes('text/event-stream')
  );
}

/** One request and the headers of its answer, whoever gives it. */
interface IncomingExchange {
  request: IncomingMessage;
  response: ServerResponse;
  headers: Record<string, string>;
  requestId: string;
  trace: ListenedRequest | undefined;
}

/** An actor is remembered as long as its credential, and so is the key of its calls. */
const credentials = new WeakMap<Actor, Credential>();

/** The credential of a caller at an address; it is nearly always the address of its last request. */
function credentialFor(actor: Actor, address: string | null): Credential {
  const known = credentials.get(actor);
  if (known?.address === address) return known;
  const credential = { ...runtimeCredentialOf(actor), address };
  credentials.set(actor, credential);
  return credential;
}

/** The hub's one port: checks every request, hands MCP to the runtime and the rest to the web application. */
export function createListener(options: ListenerOptions): Server {
  const { config, log, runtime, drain, tracer } = options;
  const guard = createGuard(config);
  function addressOf(request: IncomingMessage) {
    return readAddress(headerOf(request)('x-forwarded-for'), request.socket.remoteAddress ?? null, config.trustProxy);
  }

  function problemOf(request: IncomingMessage, pathname: string): Problem | null {
    const header = headerOf(request);
    return headerProblem(request) ?? guard({ method: request.method ?? 'GET', pathname, header });
  }

  function answerMcp(exchange: IncomingExchange, target: McpTarget): Promise<void> | void {
    const caller = options.identify(headerOf(exchange.request));
    if (!(caller instanceof Promise)) return serveMcp(exchange, target, caller);
    return caller.then((found) => serveMcp(exchange, target, found));
  }

  function serveMcp(
    { request, response, headers, requestId, trace }: IncomingExchange,
    target: McpTarget,
    caller: Caller,
  ): void {
    const { actor } = caller;
    const challenge: Challenge = (problem) => options.oauth?.challenge(request.headers.host, target, problem);
    const refused = refusalOfGrant(caller, target, challenge);
    if (refused) {
      request.resume();
      writeAnswer(response, refused, headers);
      return;
    }
    const credential = credentialFor(actor, addressOf(request));
    runtime.handleHttp(request, response, {
      credential,
      endpoint: target.endpoint,
      route: target.route,
      messagesPath: messagesPathOf(target.endpoint),
      bodyLimit: config.bodyLimit,
      openBody: (cut) => options.bodies.meters.open(credential.person, cut),
      requestId,
      trace,
      headers,
      ...(actor.type === 'grant' && { refuse: mayCall(actor, challenge) }),
    });
  }

  function answerWeb({ request, response, headers }: IncomingExchange, pathname: string): Promise<void> | void {
    if (drain.refusing && !probes.has(pathname)) {
      request.resume();
      return writeAnswer(response, stoppingAnswer(pathname), headers);
    }
    drain.enter(response);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    return options.web(request, response);
  }

  /**
   * Answers requests that are neither MCP nor the web application's: simulated products, and the sign-in of programs.
   */
  function answerApart(
    { request, response, headers }: IncomingExchange,
    pathname: string,
    give: (apart: Parameters<OauthDoor['answer']>[0]) => Promise<void> | void,
  ): Promise<void> | void {
    if (drain.refusing) {
      request.resume();
      return writeAnswer(response, stoppingAnswer(pathname), headers);
    }
    drain.enter(response);
    return give({ request, response, headers, address: addressOf(request) });
  }

  function answer(request: IncomingMessage, response: ServerResponse): Promise<void> | void {
    const pathname = pathnameOf(request);
    const target = mcpTargetOf(pathname);
    const requestId = randomUUID();
    request.headers[requestIdHeader] = requestId;
    const headers: Record<string, string> = { 'x-content-type-options': 'nosniff', [requestIdHeader]: requestId };
    if (target === null) Object.assign(headers, documentHeaders);
    if (popups.test(pathname)) headers['cross-origin-opener-policy'] = 'unsafe-none';
    if (drain.begun) headers['connection'] = 'close';
    const trace =
      tracer === null || probes.has(pathname)
        ? undefined
        : traceRequest(tracer, request, response, { route: target && routeOf(target), requestId });
    const exchange: IncomingExchange = { request, response, headers, requestId, trace };
    if (hasTwoHosts(request)) {
      request.resume();
      return writeAnswer(response, twoHosts(pathname), { ...headers, connection: 'close' });
    }
    const problem = problemOf(request, pathname);
    if (problem) {
      request.resume();
      Object.assign(headers, options.refusalHeaders(pathname, addressOf(request)));
      writeAnswer(response, familyOf(pathname)(problem), headers);
      return;
    }
    const { origin } = request.headers;
    if (origin !== undefined) Object.assign(headers, corsHeaders(config.allowedOrigins, origin));
    if (request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined) {
      const asked = request.headers['access-control-request-headers'];
      response.writeHead(204, { ...headers, ...('vary' in headers && preflightHeaders(asked)) }).end();
      return;
    }
    if (!target) {
      const { oauth, products } = options;
      if (oauth?.has(pathname)) return answerApart(exchange, pathname, (apart) => oauth.answer(apart, pathname));
      const product = products.pathOf(request, pathname);
      if (!product) return answerWeb(exchange, pathname);
      return answerApart(exchange, pathname, (apart) => products.answer(apart, product));
    }
    if (!isReservedMcpPath(pathname)) return answerMcp(exchange, target);
    if (!speaksMcp(request)) return answerWeb(exchange, pathname);
    request.resume();
    const message = `"${target.endpoint}" is a reserved word: no server has this name.`;
    writeAnswer(response, familyOf('/mcp')({ code: 'not_found', message }), headers);
  }

  /** Why a WebSocket is not opened, as an answer; null where it is. */
  function refusalOfSocket(request: IncomingMessage, pathname: string): Answer | null {
    if (hasTwoHosts(request)) return twoHosts(pathname);
    if (drain.refusing) return stoppingAnswer(pathname);
    const problem = problemOf(request, pathname);
    return problem && familyOf(pathname)(problem);
  }

  const bounds = {
    keepAliveTimeout: 65_000,
    headersTimeout: 20_000,
    requestTimeout: requestTimeoutMs,
    maxHeaderSize: readHeaderBytes,
    shouldUpgradeCallback: (request: IncomingMessage) => wantsSocket(request, pathnameOf(request)),
  };
  const server = createServer(bounds, (request, response) => {
    function failed(thrown: unknown): void {
      const error = fromDatabase(thrown);
      if (isDatabaseAway(error) && !response.headersSent) {
        request.resume();
        writeAnswer(
          response,
          familyOf('/mcp')({ code: 'database_away', message: messageOf(error), details: { retryAfterSeconds: 2 } }),
        );
        return;
      }
      log.error({ error, path: request.url?.split('?', 1)[0] }, 'A request failed');
      if (!response.headersSent) writeAnswer(response, familyOf('/')({ code: 'internal', message: 'The hub failed.' }));
      else response.destroy();
    }
    try {
      answer(request, response)?.catch(failed);
    } catch (error) {
      failed(error);
    }
  });
  server.maxConnections = config.caps.connections;
  answerBroken(server);
  cutUnread(server);
  acceptSockets(server, { sockets: options.sockets, pathnameOf, addressOf, refusalOf: refusalOfSocket });
  return server;
}
