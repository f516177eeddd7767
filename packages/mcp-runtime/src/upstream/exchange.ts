import { ErrorCode, isNotification, isObject, isRequest, metaOf, RpcError, toErrorObject } from '../rpc.ts';
import type { JsonObject, JsonRpcId, JsonRpcMessage, JsonRpcRequest, JsonRpcResponse } from '../types.ts';
import { Meta } from '../versions.ts';
import type { Era } from '../versions.ts';
import { LinkError } from './link.ts';
import type { Link } from './link.ts';

export interface AskOptions {
  /** Id of the server's request, so that its cancellation can be told apart. */
  signal: AbortSignal;
}

/** Who answers a server's questions and hears what belongs to no call. */
export interface InstanceClient {
  notify(method: string, params: JsonObject): void;
  ask: ((method: string, params: JsonObject, options: AskOptions) => Promise<JsonObject>) | null;
}

export interface UpstreamRequest {
  method: string;
  /** Owned by the call: `_meta.progressToken` is rewritten in place. */
  params: JsonObject;
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
  /** Milliseconds without an answer or progress. */
  timeoutMs: number;
  /** Milliseconds in all. */
  maxMs: number;
  onNotification?: ((method: string, params: JsonObject) => void) | undefined;
  onAsk?: InstanceClient['ask'] | undefined;
}

interface Pending {
  request: UpstreamRequest;
  resolve(result: JsonObject): void;
  reject(error: unknown): void;
  progressToken: unknown;
  timer: NodeJS.Timeout;
  deadline: number;
}

/** Requests in flight over one link: ids and progress tokens are the instance's own, answers go to their callers. */
export interface Exchange {
  request(request: UpstreamRequest): Promise<JsonObject>;
  notify(method: string, params: JsonObject): void;
  /** Feed of the link's `message` event. */
  receive(message: JsonRpcMessage, related: JsonRpcId | null): void;
  /** Feed of the link's `lost` event. */
  lose(id: JsonRpcId, error: LinkError): void;
  /** Fails everything in flight. */
  fail(error: unknown): void;
  inFlight(): number;
}

export interface ExchangeOptions {
  link: () => Link;
  era: () => Era;
  client: () => InstanceClient | null;
  now: () => number;
  /** Notifications and questions that belong to no call of a known caller. */
  onNotification(method: string, params: JsonObject): void;
}

/** What a broken link means to the caller of a request. */
export function linkFailure(error: unknown): unknown {
  if (!(error instanceof LinkError)) return error;
  const body = isObject(error.body) && isObject(error.body['error']) ? error.body['error'] : null;
  if (body !== null && typeof body['code'] === 'number') {
    return new RpcError(body['code'], String(body['message'] ?? error.message), body['data']);
  }
  return error;
}

export function createExchange(options: ExchangeOptions): Exchange {
  const pending = new Map<JsonRpcId, Pending>();
  const asks = new Map<JsonRpcId, AbortController>();
  let nextId = 1;

  const settle = (id: JsonRpcId): Pending | undefined => {
    const entry = pending.get(id);
    if (entry === undefined) return undefined;
    pending.delete(id);
    clearTimeout(entry.timer);
    return entry;
  };

  const cancelUpstream = (id: JsonRpcId, reason: string): void => {
    if (options.era() === 'modern' && options.link().pid === null) return;
    void options
      .link()
      .send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id, reason } })
      .catch(() => undefined);
  };

  const arm = (id: JsonRpcId, entry: Omit<Pending, 'timer'>): NodeJS.Timeout => {
    const wait = Math.max(0, Math.min(entry.request.timeoutMs, entry.deadline - options.now()));
    return setTimeout(() => {
      const held = pending.get(id);
      // While somebody is being asked, the call waits for a person, not for the server.
      if (held !== undefined && asks.size > 0 && options.now() < held.deadline) {
        held.timer = arm(id, held);
        return;
      }
      if (settle(id) === undefined) return;
      cancelUpstream(id, 'timed out');
      const seconds = Math.round(entry.request.timeoutMs / 1000);
      entry.reject(
        new RpcError(ErrorCode.server, `The server gave no answer and no progress for ${seconds} s`, { timeout: true }),
      );
    }, wait);
  };

  const latest = (): Pending | undefined => {
    let last: Pending | undefined;
    for (const entry of pending.values()) if (entry.request.onAsk != null) last = entry;
    return last;
  };

  const respond = (id: JsonRpcId, body: { result: JsonObject } | { error: JsonRpcResponse['error'] }): void => {
    const message = { jsonrpc: '2.0', id, ...body } as JsonRpcResponse;
    void options
      .link()
      .send(message)
      .catch(() => undefined);
  };

  const answer = async (message: JsonRpcRequest, related: JsonRpcId | null): Promise<void> => {
    const params = message.params ?? {};
    if (message.method === 'ping') return respond(message.id, { result: {} });
    const byStream = related === null ? undefined : pending.get(related);
    const ask = byStream?.request.onAsk ?? options.client()?.ask ?? latest()?.request.onAsk ?? null;
    if (ask === null) {
      const text = `No client here answers ${message.method}`;
      return respond(message.id, { error: { code: ErrorCode.methodNotFound, message: text } });
    }
    const controller = new AbortController();
    asks.set(message.id, controller);
    try {
      respond(message.id, { result: await ask(message.method, params, { signal: controller.signal }) });
    } catch (error) {
      if (!controller.signal.aborted) respond(message.id, { error: toErrorObject(error) });
    } finally {
      asks.delete(message.id);
    }
  };

  /** The one call at work, where there is just one: a listen stream is none. */
  const onlyCall = (): Pending | undefined => {
    let found: Pending | undefined;
    for (const entry of pending.values()) {
      if (entry.request.method === 'subscriptions/listen') continue;
      if (found !== undefined) return undefined;
      found = entry;
    }
    return found;
  };

  const progressed = (params: JsonObject): boolean => {
    const id = params['progressToken'] as JsonRpcId;
    const entry = pending.get(id);
    if (entry === undefined || entry.progressToken === undefined) return false;
    clearTimeout(entry.timer);
    entry.timer = arm(id, entry);
    entry.request.onNotification?.('notifications/progress', { ...params, progressToken: entry.progressToken });
    return true;
  };

  const heard = (method: string, params: JsonObject, related: JsonRpcId | null): void => {
    if (method === 'notifications/progress') return void progressed(params);
    if (method === 'notifications/cancelled') return asks.get(params['requestId'] as JsonRpcId)?.abort();
    const byStream = related === null ? undefined : pending.get(related);
    if (method === 'notifications/message') {
      options.onNotification(method, params);
      const owner = byStream ?? onlyCall();
      if (owner?.request.onNotification !== undefined) return owner.request.onNotification(method, params);
      return options.client()?.notify(method, params);
    }
    // On a listen stream of a 2026 server: its subscription id is the id of our request.
    const subscription = pending.get(metaOf(params)?.[Meta.subscriptionId] as JsonRpcId);
    if (subscription !== undefined) subscription.request.onNotification?.(method, params);
    options.onNotification(method, params);
  };

  return {
    request(request) {
      const id = nextId++;
      const meta = metaOf(request.params);
      const progressToken = meta?.['progressToken'];
      if (meta !== undefined && progressToken !== undefined) meta['progressToken'] = id;
      return new Promise<JsonObject>((resolve, reject) => {
        const entry = { request, progressToken, deadline: options.now() + request.maxMs, resolve, reject };
        const stopListening = request.signal === undefined ? undefined : listen(request.signal, id);
        const done =
          <T>(settleWith: (value: T) => void) =>
          (value: T): void => {
            stopListening?.();
            settleWith(value);
          };
        pending.set(id, {
          ...entry,
          resolve: done(resolve),
          reject: done(reject),
          timer: arm(id, { ...entry, reject: done(reject) }),
        });
        const message = { jsonrpc: '2.0' as const, id, method: request.method, params: request.params };
        const sendOptions = {
          ...(request.headers === undefined ? {} : { headers: request.headers }),
          ...(request.signal === undefined ? {} : { signal: request.signal }),
        };
        options
          .link()
          .send(message, sendOptions)
          .catch((error: unknown) => settle(id)?.reject(linkFailure(error)));
      });
    },
    notify(method, params) {
      void options
        .link()
        .send({ jsonrpc: '2.0', method, params })
        .catch(() => undefined);
    },
    receive(message, related) {
      if (isRequest(message)) return void answer(message, related);
      if (isNotification(message)) return heard(message.method, message.params ?? {}, related);
      const entry = message.id === null ? undefined : settle(message.id);
      if (entry === undefined) return;
      if (message.error !== undefined) {
        entry.reject(new RpcError(message.error.code, message.error.message, message.error.data));
      } else {
        entry.resolve(message.result ?? {});
      }
    },
    lose(id, error) {
      settle(id)?.reject(linkFailure(error));
    },
    fail(error) {
      for (const id of [...pending.keys()]) settle(id)?.reject(error);
      for (const controller of asks.values()) controller.abort();
    },
    inFlight: () => pending.size,
  };

  function listen(signal: AbortSignal, id: JsonRpcId): () => void {
    const abort = (): void => {
      const entry = settle(id);
      if (entry === undefined) return;
      cancelUpstream(id, typeof signal.reason === 'string' ? signal.reason : 'cancelled by the client');
      entry.reject(new RpcError(ErrorCode.server, 'Request cancelled', { cancelled: true }));
    };
    if (signal.aborted) queueMicrotask(abort);
    else signal.addEventListener('abort', abort, { once: true });
    return () => signal.removeEventListener('abort', abort);
  }
}
