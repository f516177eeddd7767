import type { IncomingMessage, ServerResponse } from 'node:http';

import { ErrorCode, isObject, RpcError } from '../rpc.ts';
import type { HttpContext, JsonObject, JsonRpcRequest } from '../types.ts';
import { Meta } from '../versions.ts';
import { stateBinding } from './forward.ts';
import { header, HttpRefusal, sendError, sendJson } from './http-io.ts';
import type { Listeners } from './listen.ts';
import type { Conversation, ParkingLot, Turn } from './parked.ts';
import { encodeResult } from './peer.ts';
import type { Call, Peer, Result } from './peer.ts';
import type { RequestStates } from './request-state.ts';
import { discoverResult } from './results.ts';
import { methodNotFound } from './router.ts';
import type { Router } from './router.ts';
import { openSse } from './sse-stream.ts';
import type { SseStream } from './sse-stream.ts';
import type { Views } from './views.ts';

/** Methods of the session era that a stateless revision does not have. */
const GONE = new Set(['initialize', 'ping', 'logging/setLevel', 'resources/subscribe', 'resources/unsubscribe']);
const QUIET_MS = 2000;

export interface ModernOptions {
  router: Router;
  views: Views;
  states: RequestStates;
  parking: ParkingLot;
  listeners: Listeners;
  hubInfo: JsonObject;
}

/** HTTP status of an error a stateless request ends in (specification 2026-07-28, streamable HTTP). */
export function statusOf(error: unknown): number {
  if (error instanceof HttpRefusal) return error.status;
  if (!(error instanceof RpcError)) return 500;
  if (error.code === ErrorCode.methodNotFound || error.code === ErrorCode.sessionNotFound) return 404;
  if (
    error.code === ErrorCode.headerMismatch ||
    error.code === ErrorCode.missingCapability ||
    error.code === ErrorCode.unsupportedVersion
  )
    return 400;
  return 200;
}

/** One answer on its way: JSON, unless something has to be told before the result. */
interface Reply {
  notify(method: string, params: JsonObject): void;
  result(id: JsonRpcRequest['id'], result: Result): void;
  error(id: JsonRpcRequest['id'], error: unknown): void;
}

function createReply(response: ServerResponse): Reply {
  let sse: SseStream | null = null;
  const stream = (): SseStream => (sse ??= openSse(response));
  const quiet = setTimeout(() => !response.destroyed && stream(), QUIET_MS);
  quiet.unref();
  return {
    notify(method, params) {
      if (!response.destroyed) stream().send(JSON.stringify({ jsonrpc: '2.0', method, params }));
    },
    result(id, result) {
      clearTimeout(quiet);
      if (sse === null) return sendJson(response, 200, encodeResult(id, result));
      sse.send(encodeResult(id, result));
      sse.end();
    },
    error(id, error) {
      clearTimeout(quiet);
      const known = error instanceof HttpRefusal ? error.error : error;
      if (sse === null) return sendError(response, statusOf(error), id, known);
      const shown =
        known instanceof RpcError
          ? { code: known.code, message: known.message, data: known.data }
          : { code: ErrorCode.internal, message: 'Internal error' };
      sse.send(JSON.stringify({ jsonrpc: '2.0', id, error: shown }));
      sse.end();
    },
  };
}

function customHeaders(request: IncomingMessage): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name in request.headers) if (name.startsWith('mcp-param-')) found[name] = header(request, name) ?? '';
  return found;
}

/** Serves requests of stateless clients (2026-07-28): each stands alone, and a call that asks is parked between them. */
export function createModernServer(options: ModernOptions) {
  const { router, views, states, parking, hubInfo } = options;

  const peerOf = (context: HttpContext, meta: JsonObject): Peer => {
    const clientInfo = meta[Meta.clientInfo];
    const capabilities = meta[Meta.clientCapabilities];
    return {
      credential: context.credential,
      endpoint: context.endpoint,
      era: 'modern',
      via: 'mcp',
      session: null,
      clientInfo: isObject(clientInfo) ? clientInfo : {},
      capabilities: isObject(capabilities) ? capabilities : {},
      view: () => views.get(context.credential, context.endpoint, null),
      own: () => false,
      mentioned: null,
      notify: () => undefined,
      ask: null,
    };
  };

  const canBeAsked = (peer: Peer): boolean =>
    ['sampling', 'elicitation', 'roots'].some((key) => peer.capabilities[key] !== undefined);

  const begin = (
    peer: Peer,
    message: JsonRpcRequest,
    context: HttpContext,
    custom: Record<string, string>,
    meta: JsonObject,
  ): Conversation => {
    const level = meta[Meta.logLevel];
    const logLevel = typeof level === 'string' ? level : null;
    return parking.start(peer.credential.key, stateBinding(peer), async (conversation) => {
      const call: Call = {
        signal: conversation.signal,
        requestId: context.requestId,
        paramHeaders: custom,
        logLevel,
        notify(method, params) {
          if (method === 'notifications/message' && logLevel === null) return;
          conversation.onNotification?.(method, params);
        },
        ask: canBeAsked(peer) ? conversation.ask : null,
      };
      // Deferred, so that the conversation is known to its caller before the first thing happens in it.
      await Promise.resolve();
      return router.handle(peer, message.method, message.params ?? {}, call);
    });
  };

  /** Finds the conversation a request belongs to; unwraps a server's own request state. */
  const conversationOf = (
    peer: Peer,
    message: JsonRpcRequest,
    context: HttpContext,
    request: IncomingMessage,
    meta: JsonObject,
  ): Conversation => {
    const params = message.params ?? {};
    const sealed = params['requestState'];
    if (typeof sealed === 'string') {
      const state = states.open(stateBinding(peer), sealed);
      if (state.kind === 'parked') {
        const conversation = parking.resume(state.id, stateBinding(peer));
        conversation.answer(params['inputResponses']);
        return conversation;
      }
      params['requestState'] = state.state;
    }
    return begin(peer, message, context, customHeaders(request), meta);
  };

  const finish = (peer: Peer, message: JsonRpcRequest, conversation: Conversation, turn: Turn, reply: Reply): void => {
    conversation.onNotification = null;
    if (turn.kind === 'result') return reply.result(message.id, turn.result);
    parking.park(conversation);
    reply.result(message.id, {
      resultType: 'input_required',
      inputRequests: turn.inputRequests,
      requestState: states.seal(stateBinding(peer), { kind: 'parked', id: turn.id }),
    });
  };

  const serve = async (
    peer: Peer,
    message: JsonRpcRequest,
    context: HttpContext,
    request: IncomingMessage,
    response: ServerResponse,
    meta: JsonObject,
  ): Promise<void> => {
    const reply = createReply(response);
    try {
      const conversation = conversationOf(peer, message, context, request, meta);
      conversation.onNotification = reply.notify;
      let answered = false;
      response.once('close', () => {
        // The client closed the stream: that is how it cancels (2026-07-28). A parked call waits on.
        if (!answered && !response.writableFinished) conversation.abort('The client closed the stream');
      });
      const turn = await conversation.turn();
      answered = true;
      finish(peer, message, conversation, turn, reply);
    } catch (error) {
      reply.error(message.id, error);
    }
  };

  return {
    /** Answers one classified request. */
    handle(
      message: JsonRpcRequest,
      meta: JsonObject,
      request: IncomingMessage,
      response: ServerResponse,
      context: HttpContext,
    ): void {
      const peer = peerOf(context, meta);
      if (GONE.has(message.method)) return sendError(response, 404, message.id, methodNotFound(message.method));
      if (message.method === 'server/discover') {
        return sendJson(response, 200, encodeResult(message.id, discoverResult(peer.view(), hubInfo)));
      }
      if (message.method === 'subscriptions/listen') return options.listeners.open(peer, message, response);
      void serve(peer, message, context, request, response, meta);
    },
  };
}
