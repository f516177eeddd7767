import type { IncomingMessage, ServerResponse } from 'node:http';

import { asMessage, ErrorCode, isRequest } from '../rpc.ts';
import type { HttpContext, JsonRpcMessage, JsonRpcRequest } from '../types.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { classify } from './classify.ts';
import { accepts, header, HttpRefusal, readJson, sendAccepted, sendError, sendJson } from './http-io.ts';
import type { Listeners } from './listen.ts';
import { createModernServer } from './modern.ts';
import type { ModernOptions } from './modern.ts';
import { createSession } from './session.ts';
import type { Outbox, Session } from './session.ts';
import { openSse } from './sse-stream.ts';
import { checkVersionHeader, createStreamableTransport, messagesOf } from './streamable.ts';
import type { StreamableTransport } from './streamable.ts';

export interface GatewayOptions extends ModernOptions {
  upstream(serverId: string): Upstream;
  release(sessionId: string): void;
  listeners: Listeners;
  now: () => number;
  sessionIdleMs: number;
  maxSessions: number;
  onSessions(count: number): void;
}

interface Held {
  session: Session;
  /** Null for HTTP+SSE sessions, which live and die with their stream. */
  transport: StreamableTransport | null;
}

/** Serves MCP clients over HTTP: streamable HTTP in both eras, and HTTP+SSE of 2024-11-05. */
export interface Gateway {
  handle(request: IncomingMessage, response: ServerResponse, context: HttpContext): void;
  /** Tells every session and stream what changed in its lists; ends those whose endpoint is gone. */
  refresh(): void;
  sweep(): void;
  count(): number;
  close(): void;
}

export function createGateway(options: GatewayOptions): Gateway {
  const sessions = new Map<string, Held>();
  const modern = createModernServer(options);

  const drop = (id: string): void => {
    const held = sessions.get(id);
    if (held === undefined) return;
    sessions.delete(id);
    held.session.close();
    held.transport?.close();
    options.onSessions(sessions.size);
  };

  const create = (context: HttpContext, outbox: Outbox, transport: StreamableTransport | null): Session => {
    // Fails before anything is made where the credential does not know the endpoint.
    options.views.get(context.credential, context.endpoint, null);
    if (sessions.size >= options.maxSessions) {
      throw new HttpRefusal(
        503,
        ErrorCode.server,
        `Too many sessions: the hub holds ${sessions.size}. End one, or try again later.`,
      );
    }
    const session = createSession({
      credential: context.credential,
      endpoint: context.endpoint,
      outbox,
      router: options.router,
      hubInfo: options.hubInfo,
      viewOf: (id) => options.views.get(context.credential, context.endpoint, id),
      upstream: options.upstream,
      release: options.release,
      now: options.now,
    });
    sessions.set(session.id, { session, transport });
    options.onSessions(sessions.size);
    return session;
  };

  /** A session is only its opener's: another credential or endpoint finds nothing (design: Instances). */
  const find = (id: string | undefined, context: HttpContext): Held => {
    if (id === undefined)
      throw new HttpRefusal(
        400,
        ErrorCode.server,
        'Bad Request: Mcp-Session-Id header is required; send initialize first',
      );
    const held = sessions.get(id);
    const mine = held?.session.credential.key === context.credential.key && held.session.endpoint === context.endpoint;
    if (held === undefined || !mine)
      throw new HttpRefusal(404, ErrorCode.sessionNotFound, 'Session not found: send initialize to start a new one');
    return held;
  };

  const initialize = (
    message: JsonRpcRequest,
    request: IncomingMessage,
    response: ServerResponse,
    context: HttpContext,
  ): void => {
    const transport = createStreamableTransport();
    const session = create(context, transport.outbox, transport);
    transport.bind(session);
    transport.post([message], false, request, response, context);
  };

  const legacyPost = (
    messages: JsonRpcMessage[],
    batch: boolean,
    request: IncomingMessage,
    response: ServerResponse,
    context: HttpContext,
  ): void => {
    const [first] = messages;
    if (first !== undefined && isRequest(first) && first.method === 'initialize' && !batch)
      return initialize(first, request, response, context);
    const { session, transport } = find(header(request, 'mcp-session-id'), context);
    checkVersionHeader(request);
    if (transport === null)
      throw new HttpRefusal(
        400,
        ErrorCode.server,
        'Bad Request: this session is an HTTP+SSE one; post to its messages URL',
      );
    session.lastSeenAt = options.now();
    transport.post(messages, batch, request, response, context);
  };

  const post = async (request: IncomingMessage, response: ServerResponse, context: HttpContext): Promise<void> => {
    const body = await readJson(request, context.bodyLimit);
    const { messages, batch } = messagesOf(body);
    if (!accepts(request, 'application/json') && !accepts(request, 'text/event-stream')) {
      throw new HttpRefusal(406, ErrorCode.server, 'Not Acceptable: send Accept: application/json, text/event-stream');
    }
    const headers = {
      version: header(request, 'mcp-protocol-version'),
      method: header(request, 'mcp-method'),
      name: header(request, 'mcp-name'),
    };
    for (const message of messages) {
      if (!('method' in message)) continue;
      const classified = withId(message, () => classify(message, headers));
      if (classified.era === 'legacy') continue;
      if (batch)
        throw new HttpRefusal(
          400,
          ErrorCode.invalidRequest,
          'Invalid Request: a batch may not hold messages of revision 2026-07-28 or later',
        );
      if (!isRequest(message)) return sendAccepted(response);
      return withId(message, () => modern.handle(message, classified.meta, request, response, context));
    }
    withId(messages[0], () => legacyPost(messages, batch, request, response, context));
  };

  const streamable = async (
    request: IncomingMessage,
    response: ServerResponse,
    context: HttpContext,
  ): Promise<void> => {
    switch (request.method) {
      case 'POST':
        return post(request, response, context);
      case 'GET': {
        const { transport } = find(header(request, 'mcp-session-id'), context);
        checkVersionHeader(request);
        return transport?.get(request, response);
      }
      case 'DELETE':
        drop(find(header(request, 'mcp-session-id'), context).session.id);
        return sendJson(response, 200, '{}');
      default:
        throw new HttpRefusal(405, ErrorCode.server, 'Method Not Allowed: use POST, GET or DELETE', {
          headers: { allow: 'GET, POST, DELETE' },
        });
    }
  };

  const openLegacySse = (request: IncomingMessage, response: ServerResponse, context: HttpContext): void => {
    if (request.method !== 'GET')
      throw new HttpRefusal(405, ErrorCode.server, 'Method Not Allowed: open the stream with GET', {
        headers: { allow: 'GET' },
      });
    const send = { now: (_message: string): void => undefined };
    const outbox: Outbox = {
      emit: (message) => send.now(message),
      answer: (_id, message) => (message === '' ? undefined : send.now(message)),
    };
    const session = create(context, outbox, null);
    const sse = openSse(response);
    send.now = (message) => sse.send(message);
    sse.event('endpoint', `${context.messagesPath}?sessionId=${session.id}`);
    sse.onClose(() => drop(session.id));
  };

  const postLegacySse = async (
    request: IncomingMessage,
    response: ServerResponse,
    context: HttpContext,
  ): Promise<void> => {
    if (request.method !== 'POST')
      throw new HttpRefusal(405, ErrorCode.server, 'Method Not Allowed: post messages here', {
        headers: { allow: 'POST' },
      });
    const id = new URL(request.url ?? '/', 'http://localhost').searchParams.get('sessionId');
    const held = id === null ? undefined : sessions.get(id);
    if (id === null)
      throw new HttpRefusal(
        400,
        ErrorCode.server,
        'Bad Request: sessionId is needed; open the stream with GET /sse first',
      );
    if (held === undefined || held.transport !== null || held.session.credential.key !== context.credential.key) {
      throw new HttpRefusal(404, ErrorCode.sessionNotFound, 'Session not found: open a new stream with GET /sse');
    }
    const message = asMessage(await readJson(request, context.bodyLimit));
    if (message === null)
      throw new HttpRefusal(400, ErrorCode.invalidRequest, 'Invalid Request: expected one JSON-RPC 2.0 message');
    response.writeHead(202, { 'content-type': 'text/plain' });
    response.end('Accepted');
    held.session.receive(message, context.requestId);
  };

  const route = (request: IncomingMessage, response: ServerResponse, context: HttpContext): Promise<void> | void => {
    if (context.route === 'sse') return openLegacySse(request, response, context);
    return context.route === 'messages'
      ? postLegacySse(request, response, context)
      : streamable(request, response, context);
  };

  return {
    handle(request, response, context) {
      Promise.resolve()
        .then(() => route(request, response, context))
        .catch((error: unknown) => refuse(response, error));
    },
    refresh() {
      for (const { session } of sessions.values()) {
        try {
          session.refresh();
        } catch {
          drop(session.id);
        }
      }
      options.listeners.refresh();
    },
    sweep() {
      const before = options.now() - options.sessionIdleMs;
      for (const { session, transport } of sessions.values()) {
        if (transport === null || transport.connected() || session.working() > 0) continue;
        if (session.lastSeenAt < before) drop(session.id);
      }
    },
    count: () => sessions.size,
    close() {
      for (const id of [...sessions.keys()]) drop(id);
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
    if (message !== undefined && isRequest(message)) throw Object.assign(wrap(error), { answers: message.id });
    throw error;
  }
}

function wrap(error: unknown): Error {
  return error instanceof Error ? error : new Error('Internal error');
}

function refuse(response: ServerResponse, error: unknown): void {
  const id = error instanceof Error && 'answers' in error ? (error.answers as string | number) : null;
  if (error instanceof HttpRefusal) return sendError(response, error.status, id, error.error, error.headers);
  const gone = error instanceof Error && 'code' in error && error.code === ErrorCode.sessionNotFound;
  sendError(response, gone ? 404 : 500, id, error);
}
