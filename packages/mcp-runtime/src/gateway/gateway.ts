import type { IncomingMessage, ServerResponse } from 'node:http';
import { ErrorCode, isRequest } from '../rpc.ts';
import type { HttpContext, JsonRpcMessage, JsonRpcRequest } from '../types.ts';
import { isLegacyVersion, legacyVersions } from '../versions.ts';
import { classify } from './calls/classify.ts';
import { readBody, type Body } from './io/bodies.ts';
import {
  accepts,
  header,
  HttpRefusal,
  sendAccepted,
  sendError,
  sendJson,
  sendRefusal,
  setCommonHeaders,
} from './io/http-io.ts';
import { readJson } from './io/read-json.ts';
import { createSessions, type OpenSession, type Sessions, type SessionsOptions } from './sessions/sessions.ts';
import { openLegacySse, postLegacySse } from './transports/legacy-sse.ts';
import { createModernServer, type ModernOptions } from './transports/modern.ts';
import { createStreamableTransport } from './transports/streamable.ts';

export interface GatewayOptions extends ModernOptions, SessionsOptions {}

/** Serves MCP clients over HTTP: streamable HTTP in both eras, and HTTP+SSE of 2024-11-05. */
export interface Gateway {
  handle(request: IncomingMessage, response: ServerResponse, context: HttpContext): void;
  /** Tells every session and stream what changed in its lists; ends those whose endpoint is gone. */
  refresh(): void;
  sweep(): void;
  count(): number;
  /** Requests under way. */
  working(): number;
  /** Refuses new requests; running ones continue, and so do their streams and questions. */
  drain(): void;
  /** Answers what is under way with an error, and ends sessions and streams. */
  close(): void;
}

/** One HTTP request and the way back. */
interface IncomingRequest {
  request: IncomingMessage;
  response: ServerResponse;
  context: HttpContext;
}

interface GatewayParts {
  readonly options: GatewayOptions;
  readonly sessions: Sessions;
  readonly modern: ReturnType<typeof createModernServer>;
  /** Takes no more requests. */
  draining: boolean;
}

/** The answer to requests that arrive, or still wait, while the hub stops. */
function stopping(): HttpRefusal {
  return new HttpRefusal(503, ErrorCode.server, 'The hub is stopping; call again', { headers: { 'retry-after': '5' } });
}

/** A session belongs to the credential and the endpoint that opened it; any other finds no session. */
function find({ sessions }: GatewayParts, id: string | undefined, context: HttpContext): OpenSession {
  if (id === undefined) {
    const text = 'Bad Request: Mcp-Session-Id header is required; send initialize first';
    throw new HttpRefusal(400, ErrorCode.server, text);
  }
  const held = sessions.get(id);
  const mine = held?.session.credential.key === context.credential.key && held.session.endpoint === context.endpoint;
  if (held === undefined || !mine) {
    const text = 'Session not found: send initialize to start a new one';
    throw new HttpRefusal(404, ErrorCode.sessionNotFound, text);
  }
  return held;
}

/** The session of a streamable HTTP request. */
function findStreamable(
  rooms: GatewayParts,
  { request, context }: IncomingRequest,
): OpenSession & { transport: object } {
  const { session, transport } = find(rooms, header(request, 'mcp-session-id'), context);
  const version = header(request, 'mcp-protocol-version');
  if (version !== undefined && !isLegacyVersion(version)) {
    const text = `Bad Request: unsupported MCP-Protocol-Version ${version}; sessions speak ${legacyVersions.join(', ')}`;
    throw new HttpRefusal(400, ErrorCode.server, text);
  }
  if (transport === null) {
    const text = 'Bad Request: this session is an HTTP+SSE one; post to its messages URL';
    throw new HttpRefusal(400, ErrorCode.server, text);
  }
  return { session, transport };
}

function initialize(
  rooms: GatewayParts,
  message: JsonRpcRequest,
  { request, response, context }: IncomingRequest,
): void {
  const transport = createStreamableTransport(rooms.options.elapsed);
  const { emit, answer } = transport.outbox;
  const outbox = {
    emit,
    answer(id: JsonRpcRequest['id'], text: string): void {
      answer(id, text);
      // A session that did not come about has nothing to stay for.
      if (!session.ready()) rooms.sessions.drop(session.id);
    },
  };
  const session = rooms.sessions.create(context, outbox, transport);
  transport.bind(session);
  transport.post({ messages: [message], batch: false, faults: [] }, request, response, context);
}

/** While the hub stops, clients still answer questions of calls that are under way; nothing new begins. */
function admit(rooms: GatewayParts, message: JsonRpcMessage, { refuse: refuses }: HttpContext): void {
  if (!isRequest(message)) return;
  if (rooms.draining) throw new Refused(message.id, stopping());
  const refused = refuses?.(message.method);
  if (!refused) return;
  const { status, message: text, headers } = refused;
  throw new Refused(message.id, new HttpRefusal(status, ErrorCode.server, text, { headers: { ...headers } }));
}

function legacyPost(rooms: GatewayParts, body: Body, exchange: IncomingRequest): void {
  const { request, response, context } = exchange;
  const [first] = body.messages;
  if (first !== undefined && isRequest(first) && first.method === 'initialize' && !body.batch) {
    return initialize(rooms, first, exchange);
  }
  findStreamable(rooms, exchange).transport.post(body, request, response, context);
}

function take(rooms: GatewayParts, exchange: IncomingRequest, json: unknown): void {
  const { request, response, context } = exchange;
  const body = readBody(json);
  const { messages, batch } = body;
  if (!accepts(request, 'application/json') && !accepts(request, 'text/event-stream')) {
    const text = 'Not Acceptable: send Accept: application/json, text/event-stream';
    throw new HttpRefusal(406, ErrorCode.server, text);
  }
  const headers = {
    version: header(request, 'mcp-protocol-version'),
    method: header(request, 'mcp-method'),
    name: header(request, 'mcp-name'),
  };
  for (const message of messages) admit(rooms, message, context);
  for (const message of messages) {
    if (!('method' in message)) continue;
    const classified = withId(message, () => classify(message, headers));
    if (classified.era === 'legacy') continue;
    if (batch) {
      const text = 'Invalid Request: a batch may not hold messages of revision 2026-07-28 or later';
      throw new HttpRefusal(400, ErrorCode.invalidRequest, text);
    }
    if (!isRequest(message)) return sendAccepted(response);
    return withId(message, () => rooms.modern.handle(message, classified.meta, request, response, context));
  }
  withId(messages[0], () => legacyPost(rooms, body, exchange));
}

function streamable(rooms: GatewayParts, exchange: IncomingRequest): Promise<void> | void {
  const { request, response, context } = exchange;
  switch (request.method) {
    case 'POST':
      return readJson(request, context).then((body) => take(rooms, exchange, body));
    case 'GET':
      return findStreamable(rooms, exchange).transport.get(request, response);
    case 'DELETE':
      rooms.sessions.drop(find(rooms, header(request, 'mcp-session-id'), context).session.id);
      return sendJson(response, 200, '{}');
    default: {
      const text = 'Method Not Allowed: use POST, GET or DELETE';
      throw new HttpRefusal(405, ErrorCode.server, text, { headers: { allow: 'GET, POST, DELETE' } });
    }
  }
}

function route(rooms: GatewayParts, exchange: IncomingRequest): Promise<void> | void {
  const { request, response, context } = exchange;
  switch (context.route) {
    case 'sse':
      if (rooms.draining) throw stopping();
      return openLegacySse(rooms.sessions, request, response, context);
    case 'messages':
      return postLegacySse(rooms.sessions, request, response, context, (message) => admit(rooms, message, context));
    case 'streamable':
      return streamable(rooms, exchange);
  }
}

export function createGateway(options: GatewayOptions): Gateway {
  const sessions = createSessions(options);
  const rooms: GatewayParts = { options, sessions, modern: createModernServer(options), draining: false };
  let closed = false;
  return {
    handle(request, response, context) {
      if (context.headers !== undefined) setCommonHeaders(response, context.headers);
      try {
        if (closed) throw stopping();
        route(rooms, { request, response, context })?.catch((error: unknown) => refuse(response, error));
      } catch (error) {
        refuse(response, error);
      }
    },
    refresh() {
      sessions.refresh();
      options.listeners.refresh();
    },
    sweep: sessions.sweep,
    count: sessions.count,
    working: () => sessions.working() + rooms.modern.working(),
    drain() {
      rooms.draining = true;
    },
    close() {
      if (closed) return;
      closed = true;
      const { error } = stopping();
      sessions.close(error);
      rooms.modern.close(error);
      options.listeners.close();
      options.parking.close();
    },
  };
}

/** Lets a refusal carry the id of the request it answers. */
function withId<T>(message: JsonRpcMessage | undefined, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (message !== undefined && isRequest(message)) throw new Refused(message.id, error);
    throw error;
  }
}

class Refused extends Error {
  override name = 'Refused';
  readonly answers: JsonRpcRequest['id'];
  constructor(answers: JsonRpcRequest['id'], cause: unknown) {
    super('Refused', { cause });
    this.answers = answers;
  }
}

function refuse(response: ServerResponse, thrown: unknown): void {
  const id = thrown instanceof Refused ? thrown.answers : null;
  const error = thrown instanceof Refused ? thrown.cause : thrown;
  if (error instanceof HttpRefusal) return sendRefusal(response, id, error);
  const gone = error instanceof Error && 'code' in error && error.code === ErrorCode.sessionNotFound;
  sendError(response, gone ? 404 : 500, id, error);
}
