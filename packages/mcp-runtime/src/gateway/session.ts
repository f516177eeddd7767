import { randomUUID } from 'node:crypto';

import { ErrorCode, isObject, RpcError, toErrorObject } from '../rpc.ts';
import type {
  Credential,
  JsonObject,
  JsonRpcId,
  JsonRpcMessage,
  JsonRpcNotification,
  JsonRpcRequest,
  JsonRpcResponse,
} from '../types.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { View } from '../view.ts';
import { setLevel } from './forward.ts';
import { encodeResult } from './peer.ts';
import type { AskClient, Call, Peer } from './peer.ts';
import { initializeResult, negotiate } from './results.ts';
import type { Router } from './router.ts';
import { createSubscriptions } from './subscriptions.ts';

/** Where a session's messages go: the transport decides which stream carries what. */
export interface Outbox {
  /** `related` names the client's request a message belongs to, where it belongs to one. */
  emit(message: string, related: JsonRpcId | null): void;
  /** The answer of a request; nothing more follows for it. */
  answer(id: JsonRpcId, message: string): void;
}

/** A conversation with a client of a session revision (2024-11-05 to 2025-11-25), whatever carries it. */
export interface Session {
  readonly id: string;
  readonly credential: Credential;
  readonly endpoint: string;
  readonly peer: Peer;
  version(): string;
  /** Takes one message of the client. Answers come by the outbox. */
  receive(message: JsonRpcMessage, requestId: string | null): void;
  /** Tells the client which lists differ from what it could last see. */
  refresh(): void;
  lastSeenAt: number;
  /** Requests of the client that are still at work. */
  working(): number;
  close(): void;
  readonly closed: boolean;
}

export interface SessionOptions {
  credential: Credential;
  endpoint: string;
  outbox: Outbox;
  router: Router;
  hubInfo: JsonObject;
  viewOf(sessionId: string): View;
  upstream(serverId: string): Upstream;
  /** Gives back every instance a session owns. */
  release(sessionId: string): void;
  now: () => number;
}

const MAX_WORKING = 256;

const LIST_CHANGES = [
  { key: 'tools', method: 'notifications/tools/list_changed' },
  { key: 'prompts', method: 'notifications/prompts/list_changed' },
  { key: 'resources', method: 'notifications/resources/list_changed' },
] as const;

export function createSession(options: SessionOptions): Session {
  const id = randomUUID();
  const { outbox, router } = options;
  const view = (): View => options.viewOf(id);
  const working = new Map<JsonRpcId, AbortController>();
  const asked = new Map<string, { resolve(result: JsonObject): void; reject(error: unknown): void }>();
  let version = negotiate(undefined);
  let clientInfo: JsonObject = {};
  let capabilities: JsonObject = {};
  let logLevel: string | null = null;
  let closed = false;
  let asks = 0;
  let told: View['json'] | null = null;

  const notify = (method: string, params: JsonObject, related: JsonRpcId | null): void => {
    if (!closed) outbox.emit(JSON.stringify({ jsonrpc: '2.0', method, params }), related);
  };

  const ask =
    (related: JsonRpcId | null): AskClient =>
    (method, params, { signal }) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new RpcError(ErrorCode.server, 'The client has gone'));
        const askId = `hub-${++asks}`;
        const cancel = (): void => {
          if (asked.delete(askId))
            notify('notifications/cancelled', { requestId: askId, reason: 'The server no longer asks' }, related);
          reject(new RpcError(ErrorCode.server, 'Request cancelled', { cancelled: true }));
        };
        const done = (): void => signal.removeEventListener('abort', cancel);
        asked.set(askId, {
          resolve: (result) => (done(), resolve(result)),
          reject: (error) => (done(), reject(error)),
        });
        signal.addEventListener('abort', cancel, { once: true });
        outbox.emit(JSON.stringify({ jsonrpc: '2.0', id: askId, method, params }), related);
      });

  const canBeAsked = (): boolean => ['sampling', 'elicitation', 'roots'].some((key) => capabilities[key] !== undefined);

  const peer: Peer = {
    credential: options.credential,
    endpoint: options.endpoint,
    era: 'legacy',
    via: 'mcp',
    session: id,
    get clientInfo() {
      return clientInfo;
    },
    get capabilities() {
      return capabilities;
    },
    view,
    own: () => canBeAsked() || logLevel !== null || subscriptions.any(),
    mentioned: new Map(),
    notify: (method, params) => notify(method, params, null),
    ask: (method, params, askOptions) => ask(null)(method, params, askOptions),
    async opened(serverId, instance) {
      if (logLevel !== null) await setLevel(instance, logLevel);
      await subscriptions.restore(serverId, instance);
    },
  };
  const subscriptions = createSubscriptions({ peer, upstream: options.upstream });

  const initialize = (params: JsonObject): JsonObject => {
    version = negotiate(params['protocolVersion']);
    clientInfo = isObject(params['clientInfo']) ? params['clientInfo'] : {};
    capabilities = isObject(params['capabilities']) ? params['capabilities'] : {};
    const shown = view();
    told = shown.json;
    return initializeResult(shown, options.hubInfo, version);
  };

  const changeLevel = async (params: JsonObject): Promise<JsonObject> => {
    if (typeof params['level'] !== 'string')
      throw new RpcError(ErrorCode.invalidParams, 'Invalid params: logging/setLevel needs level, a string');
    logLevel = params['level'];
    const level = logLevel;
    const owned = view().serverIds.map((serverId) => options.upstream(serverId).owned(id));
    await Promise.all(owned.map((instance) => (instance === null ? undefined : setLevel(instance, level))));
    return {};
  };

  const dispatch = async (request: JsonRpcRequest, call: Call): Promise<string> => {
    const params = request.params ?? {};
    switch (request.method) {
      case 'initialize':
        await waitForFirstCatalog(view(), options, call.signal);
        return encodeResult(request.id, initialize(params));
      case 'ping':
        return encodeResult(request.id, {});
      case 'logging/setLevel':
        return encodeResult(request.id, await changeLevel(params));
      case 'resources/subscribe':
        return encodeResult(request.id, await subscriptions.add(params, call));
      case 'resources/unsubscribe':
        return encodeResult(request.id, await subscriptions.remove(params, call));
      default:
        return encodeResult(request.id, await router.handle(peer, request.method, params, call));
    }
  };

  const serve = (request: JsonRpcRequest, requestId: string | null): void => {
    const fail = (error: unknown): string =>
      JSON.stringify({ jsonrpc: '2.0', id: request.id, error: toErrorObject(error) });
    if (working.has(request.id) || working.size >= MAX_WORKING) {
      const why = working.has(request.id)
        ? `Request id ${request.id} is in use`
        : `More than ${MAX_WORKING} requests at work in one session`;
      return outbox.answer(request.id, fail(new RpcError(ErrorCode.invalidRequest, why)));
    }
    const controller = new AbortController();
    working.set(request.id, controller);
    const call: Call = {
      signal: controller.signal,
      requestId,
      paramHeaders: null,
      logLevel,
      notify: (method, params) => notify(method, params, request.id),
      ask: canBeAsked() ? ask(request.id) : null,
    };
    dispatch(request, call)
      .catch(fail)
      .then((message) => {
        working.delete(request.id);
        // A cancelled request gets no answer (specification: cancellation); the stream it holds still ends.
        outbox.answer(request.id, controller.signal.aborted ? '' : message);
      })
      .catch(() => undefined);
  };

  const hear = (message: JsonRpcNotification): void => {
    const params = message.params ?? {};
    if (message.method === 'notifications/cancelled') {
      const target = params['requestId'];
      working.get(target as JsonRpcId)?.abort(typeof params['reason'] === 'string' ? params['reason'] : undefined);
      return;
    }
    if (message.method === 'notifications/initialized') return;
    for (const serverId of view().serverIds) options.upstream(serverId).owned(id)?.notify(message.method, params);
  };

  const settleAsk = (message: JsonRpcResponse): void => {
    const entry = asked.get(String(message.id));
    if (entry === undefined) return;
    asked.delete(String(message.id));
    if (message.error === undefined) entry.resolve(message.result ?? {});
    else entry.reject(new RpcError(message.error.code, message.error.message, message.error.data));
  };

  const session: Session = {
    id,
    credential: options.credential,
    endpoint: options.endpoint,
    peer,
    version: () => version,
    lastSeenAt: options.now(),
    get closed() {
      return closed;
    },
    working: () => working.size,
    receive(message, requestId) {
      session.lastSeenAt = options.now();
      if ('method' in message) {
        if ('id' in message) serve(message, requestId);
        else hear(message);
      } else settleAsk(message);
    },
    refresh() {
      if (told === null) return;
      const { json } = view();
      const before = told;
      told = json;
      for (const { key, method } of LIST_CHANGES) {
        const same =
          before[key] === json[key] && (key !== 'resources' || before.resourceTemplates === json.resourceTemplates);
        if (!same) notify(method, {}, null);
      }
    },
    close() {
      if (closed) return;
      closed = true;
      for (const controller of working.values()) controller.abort('The session ended');
      for (const entry of asked.values()) entry.reject(new RpcError(ErrorCode.server, 'The client has gone'));
      asked.clear();
      subscriptions.close();
      options.release(id);
    },
  };
  return session;
}

async function waitForFirstCatalog(view: View, options: SessionOptions, signal: AbortSignal): Promise<void> {
  const [only] = view.serverIds;
  if (view.selection.prefixed || only === undefined) return;
  const upstream = options.upstream(only);
  if (upstream.primary.catalog() === null) await upstream.primary.ensure(signal);
}
