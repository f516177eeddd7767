import type { IncomingMessage, ServerResponse } from 'node:http';
import { isObject } from '@switchboard/basics';
import type { CancelSignal } from '../../hot/cancellation.ts';
import { metaOf, type RpcError } from '../../rpc.ts';
import type { HttpContext, JsonObject, JsonRpcRequest, Span } from '../../types.ts';
import { canBeAsked } from '../../upstream/handshake.ts';
import { Meta } from '../../versions.ts';
import type { View } from '../../view.ts';
import type { ParkingLot } from '../asks/parked.ts';
import type { RequestStates } from '../asks/request-state.ts';
import { stateBinding } from '../calls/forward.ts';
import type { Mentions } from '../calls/mentions.ts';
import { methodNotFound } from '../calls/other-methods.ts';
import { discoverResult } from '../calls/results.ts';
import type { Router } from '../calls/router.ts';
import { beginServed, failureOf, failureOfResult, type Failure } from '../calls/spans.ts';
import { accepts, header, sendError } from '../io/http-io.ts';
import type { Conversation } from '../sessions/conversation.ts';
import { onlyWhatItAnswers, type Call, type Peer } from '../sessions/peer.ts';
import type { Views } from '../views.ts';
import type { Listeners } from './listen.ts';
import { createReply, type Reply } from './modern-reply.ts';

/** Methods of the session era that a stateless revision does not have. */
const gone = new Set(['initialize', 'ping', 'logging/setLevel', 'resources/subscribe', 'resources/unsubscribe']);

export interface ModernOptions {
  router: Router;
  views: Views;
  states: RequestStates;
  parking: ParkingLot;
  listeners: Listeners;
  hubInfo: JsonObject;
  /** The URIs that callers without a session have seen, by credential and endpoint. */
  mentionsOf(this: void, binding: string): Mentions;
  /** The view, once the only server of an endpoint has been listed. */
  readyView(this: void, view: () => View, peer: Peer, signal: CancelSignal): View | Promise<View>;
}

/** One classified request and the way back. */
interface Incoming {
  options: ModernOptions;
  peer: Peer;
  message: JsonRpcRequest;
  meta: JsonObject;
  request: IncomingMessage;
  response: ServerResponse;
  context: HttpContext;
  /** The span of the call; null where calls have no traces. */
  trace: Span | null;
}

function customHeaders(request: IncomingMessage): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name in request.headers) if (name.startsWith('mcp-param-')) found[name] = header(request, name) ?? '';
  return found;
}

function peerOf({ views, mentionsOf }: ModernOptions, context: HttpContext, meta: JsonObject): Peer {
  const clientInfo = meta[Meta.clientInfo];
  const capabilities = meta[Meta.clientCapabilities];
  const { credential, endpoint } = context;
  const known = isObject(capabilities) ? capabilities : {};
  const who = { session: null, era: 'modern', capabilities: known } as const;
  return {
    credential,
    endpoint,
    ...who,
    via: 'mcp',
    clientInfo: isObject(clientInfo) ? clientInfo : {},
    view: () => views.get(credential, endpoint, who),
    own: () => false,
    mentions: mentionsOf(stateBinding({ credential, endpoint })),
    notify: () => undefined,
    ask: null,
  };
}

function begin({ options, peer, message, meta, request, context, trace }: Incoming): Conversation {
  const level = meta[Meta.logLevel];
  const logLevel = typeof level === 'string' ? level : null;
  const paramHeaders = customHeaders(request);
  return options.parking.start(peer.credential.person, stateBinding(peer), (conversation) => {
    const call: Call = {
      signal: conversation.signal,
      requestId: context.requestId,
      trace,
      paramHeaders,
      logLevel,
      notify(method, params) {
        if (method === 'notifications/message' && logLevel === null) return;
        conversation.notify(method, params);
      },
      ask: canBeAsked(peer.capabilities) ? onlyWhatItAnswers(peer.capabilities, conversation.ask) : null,
    };
    return options.router.handle(peer, message.method, message.params ?? {}, call);
  });
}

/** The conversation of a request: the parked one of its state, else a new one. */
function conversationOf(incoming: Incoming): Conversation {
  const { options, peer, message } = incoming;
  const params = message.params ?? {};
  const sealed = params['requestState'];
  if (typeof sealed !== 'string') return begin(incoming);
  const state = options.states.open(stateBinding(peer), sealed);
  // Another server's own state stays sealed until it is known to go back there.
  if (state.kind !== 'parked') return begin(incoming);
  const conversation = options.parking.resume(state.id, stateBinding(peer));
  conversation.answer(params['inputResponses']);
  return conversation;
}

/** Tells what happens in the course of a call; progress under the token of the request that waits for it now. */
function notifierOf(message: JsonRpcRequest, reply: Reply): Reply['notify'] {
  const progressToken = metaOf(message.params)?.['progressToken'];
  return (method, params) => {
    if (method !== 'notifications/progress') return reply.notify(method, params);
    if (progressToken !== undefined) reply.notify(method, { ...params, progressToken });
  };
}

async function finish(incoming: Incoming, conversation: Conversation, reply: Reply): Promise<Failure> {
  const { options, peer, message, response } = incoming;
  let answered = false;
  response.once('close', () => {
    // The client closed the stream: that is how it cancels (2026-07-28). A parked call waits on.
    if (!answered && !response.writableFinished) conversation.abort('The client closed the stream');
  });
  let turn = await conversation.turn();
  // The call may have ended meanwhile.
  if (conversation.ended()) turn = await conversation.turn();
  answered = true;
  conversation.listen(null);
  if (turn.kind === 'result') {
    reply.result(message.id, turn.result);
    return failureOfResult(turn.result);
  }
  options.parking.park(conversation);
  reply.result(message.id, {
    resultType: 'input_required',
    inputRequests: turn.inputRequests,
    requestState: options.states.seal(stateBinding(peer), { kind: 'parked', id: turn.id }),
  });
  return null;
}

async function discover({ options, peer, message, response }: Incoming, reply: Reply): Promise<void> {
  const controller = new AbortController();
  response.once('close', () => controller.abort());
  const view = await options.readyView(() => peer.view(), peer, controller.signal);
  reply.result(message.id, discoverResult(view, options.hubInfo));
}

/** A request under way: its id, and the answer it waits for. */
interface Open {
  id: JsonRpcRequest['id'];
  reply: Reply;
}

async function serve(incoming: Incoming, open: Set<Open>): Promise<void> {
  const { message, request, response, trace } = incoming;
  const reply = createReply(response, accepts(request, 'text/event-stream'));
  const entry = { id: message.id, reply };
  open.add(entry);
  let failed: Failure = null;
  try {
    if (message.method === 'server/discover') return await discover(incoming, reply);
    const conversation = conversationOf(incoming);
    conversation.listen(notifierOf(message, reply));
    failed = await finish(incoming, conversation, reply);
  } catch (error) {
    failed = failureOf(error);
    reply.error(message.id, error);
  } finally {
    open.delete(entry);
    trace?.end(failed);
  }
}

/**
 * Serves requests of stateless clients (2026-07-28): each is independent, and a call with questions is parked between
 * them.
 */
export function createModernServer(options: ModernOptions) {
  const open = new Set<Open>();
  return {
    working: () => open.size,
    /** Answers what is under way with the error. */
    close(error: RpcError): void {
      for (const { id, reply } of open) reply.error(id, error);
    },
    /** Answers one classified request. */
    handle(
      message: JsonRpcRequest,
      meta: JsonObject,
      request: IncomingMessage,
      response: ServerResponse,
      context: HttpContext,
    ): void {
      if (gone.has(message.method)) return sendError(response, 404, message.id, methodNotFound(message.method));
      const peer = peerOf(options, context, meta);
      if (message.method === 'subscriptions/listen') return options.listeners.open(peer, message, response);
      const trace = beginServed(context.trace?.spanOf(meta), message.method, context.endpoint);
      void serve({ options, peer, message, meta, request, response, context, trace }, open);
    },
  };
}
