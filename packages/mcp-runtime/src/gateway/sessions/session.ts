import { setImmediate } from 'node:timers/promises';
import { type CancelSignal, Cancellation } from '../../hot/cancellation.ts';
import { ErrorCode, metaOf, otherForm, RpcError, toErrorObject } from '../../rpc.ts';
import type {
  Credential,
  JsonObject,
  JsonRpcId,
  JsonRpcMessage,
  JsonRpcNotification,
  JsonRpcRequest,
  RequestOrigin,
} from '../../types.ts';
import { canBeAsked } from '../../upstream/handshake.ts';
import { setLevel } from '../calls/forward.ts';
import { mayTell } from '../calls/other-methods.ts';
import { initializeResult, negotiate } from '../calls/results.ts';
import type { Router } from '../calls/router.ts';
import { beginServed, failureOf, failureOfResult, type Failure } from '../calls/spans.ts';
import { readHello } from './hello.ts';
import { changesBetween } from './list-changes.ts';
import { encodeResult, onlyWhatItAnswers, type Call } from './peer.ts';
import { createSessionState, emit, owned, type SessionOptions, type SessionState } from './session-state.ts';

export type { Outbox, SessionOptions } from './session-state.ts';

/** A conversation with a client of a session revision (2024-11-05 to 2025-11-25), whatever carries it. */
export interface Session {
  readonly id: string;
  readonly credential: Credential;
  readonly endpoint: string;
  version(): string;
  /** Takes one message of the client. Answers come by the outbox. */
  receive(message: JsonRpcMessage, from: RequestOrigin): void;
  /** Tells the client which lists differ from what it could last see. Throws where the endpoint is gone. */
  refresh(): void;
  /** True once it is initialised. */
  ready(): boolean;
  /** Requests of the client that are still at work. */
  working(): number;
  /** Ends the session; where an error is given, what is at work is answered with it. */
  close(error?: RpcError): void;
  /** Counts as a sign of life: its stream has ended, say. */
  seen(): void;
}

const maxWorking = 256;
const levels = new Set(['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency']);

async function initialize(state: SessionState, params: JsonObject, signal: CancelSignal): Promise<JsonObject> {
  const { options, peer } = state;
  const hello = readHello(params);
  await options.readyView(() => peer.view(), peer, signal);
  state.version = negotiate(hello.protocolVersion);
  state.clientInfo = hello.clientInfo;
  state.capabilities = hello.capabilities;
  const shown = peer.view();
  state.told = shown;
  return initializeResult(shown, options.hubInfo, state.version);
}

async function changeLevel(state: SessionState, params: JsonObject): Promise<JsonObject> {
  const { level } = params;
  if (typeof level !== 'string' || !levels.has(level)) {
    const text = `Invalid params: logging/setLevel needs level, one of ${[...levels].join(', ')}`;
    throw new RpcError(ErrorCode.invalidParams, text);
  }
  state.logLevel = level;
  await Promise.all(owned(state).map((instance) => setLevel(instance, level)));
  return {};
}

function dispatch(
  state: SessionState,
  request: JsonRpcRequest,
  call: Call,
): Promise<JsonObject> | ReturnType<Router['handle']> {
  const params = request.params ?? {};
  switch (request.method) {
    case 'initialize':
      return initialize(state, params, call.signal);
    case 'ping':
      return Promise.resolve({});
    case 'logging/setLevel':
      return changeLevel(state, params);
    case 'resources/subscribe':
      return state.subscriptions.add(params, call);
    case 'resources/unsubscribe':
      return state.subscriptions.remove(params);
    default:
      return state.options.router.handle(state.peer, request.method, params, call);
  }
}

/** A call of the client, and whether a notification was sent during it. */
type TrackedCall = Call & { told: boolean };

function callOf(state: SessionState, request: JsonRpcRequest, signal: CancelSignal, from: RequestOrigin): TrackedCall {
  const { capabilities, logLevel, asks } = state;
  const call: TrackedCall = {
    told: false,
    signal,
    requestId: from.requestId,
    trace: beginServed(from.trace?.spanOf(metaOf(request.params)), request.method, state.options.endpoint),
    paramHeaders: null,
    logLevel,
    notify(method, params) {
      call.told = true;
      emit(state, { jsonrpc: '2.0', method, params }, request.id);
    },
    ask: canBeAsked(capabilities) ? onlyWhatItAnswers(capabilities, asks.on(request.id)) : null,
  };
  return call;
}

function failure(id: JsonRpcId, error: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error: toErrorObject(error) });
}

async function serve(state: SessionState, request: JsonRpcRequest, from: RequestOrigin): Promise<void> {
  const { working, options } = state;
  const { outbox } = options;
  const inUse = working.has(request.id);
  if (inUse || working.size >= maxWorking) {
    const why = inUse ? 'This request id is in use' : `More than ${maxWorking} requests at work in one session`;
    return outbox.answer(request.id, failure(request.id, new RpcError(ErrorCode.invalidRequest, why)));
  }
  const cancellation = new Cancellation();
  working.add(request.id, cancellation);
  const call = callOf(state, request, cancellation, from);
  let failed: Failure;
  let message: string;
  try {
    const result = await dispatch(state, request, call);
    message = encodeResult(request.id, result);
    failed = failureOfResult(result);
  } catch (error) {
    message = failure(request.id, state.sentPages.toldAs(error, state));
    failed = failureOf(error);
  }
  // Clients that find progress and answer in one read drop the progress.
  if (call.told) await setImmediate();
  working.take(request.id);
  call.trace?.end(cancellation.aborted ? 'cancelled' : failed);
  options.onSeen();
  // A cancelled request gets no answer (specification: cancellation); the stream it holds still ends.
  outbox.answer(request.id, cancellation.aborted ? '' : message);
}

function hear(state: SessionState, message: JsonRpcNotification): void {
  const params = message.params ?? {};
  switch (message.method) {
    case 'notifications/initialized':
      return;
    case 'notifications/cancelled': {
      const reason = typeof params['reason'] === 'string' ? params['reason'] : undefined;
      const id = params['requestId'] as JsonRpcId;
      return (state.working.get(id) ?? state.working.get(otherForm(id) ?? id))?.abort(reason);
    }
    case 'notifications/progress':
      // Tokens are the hub's own, so a server hears of its own questions only.
      return void state.asks.progress(params);
    default:
      for (const instance of owned(state, (fragment) => mayTell(fragment, message.method))) {
        instance.notify(message.method, params);
      }
  }
}

export function createSession(options: SessionOptions): Session {
  const state = createSessionState(options);
  const session: Session = {
    id: state.id,
    credential: options.credential,
    endpoint: options.endpoint,
    version: () => state.version,
    ready: () => state.told !== null,
    working: () => state.working.size,
    seen: options.onSeen,
    receive(message, from) {
      options.onSeen();
      if (!('method' in message)) return state.asks.settle(message);
      if ('id' in message) serve(state, message, from).catch(() => undefined);
      else hear(state, message);
    },
    refresh() {
      // A session that says nothing yet ends too where its endpoint is gone.
      const view = state.peer.view();
      if (state.told === null) return;
      const before = state.told;
      state.told = view;
      for (const { method } of changesBetween(before, view)) emit(state, { jsonrpc: '2.0', method, params: {} }, null);
      for (const elicitationId of state.sentPages.finished(options.personal, options.credential.person)) {
        emit(state, { jsonrpc: '2.0', method: 'notifications/elicitation/complete', params: { elicitationId } }, null);
      }
    },
    close(error) {
      if (state.closed) return;
      state.closed = true;
      if (error) for (const [id] of state.working.entries()) options.outbox.answer(id, failure(id, error));
      state.ended.abort('The session ended');
      for (const controller of state.working.values()) controller.abort('The session ended');
      state.asks.close();
      state.subscriptions.close();
      options.outbox.close?.();
      options.release(state.id);
    },
  };
  return session;
}
