import { Alarm } from '../hot/alarm.ts';
import { type CancelSignal, Cancellation } from '../hot/cancellation.ts';
import { InFlight } from '../hot/in-flight.ts';
import type { Needed } from '../personal.ts';
import { say, whyOf } from '../reasons.ts';
import { ErrorCode, isNotification, isRequest, metaOf, otherForm, RpcError, toErrorObject } from '../rpc.ts';
import type { JsonObject, JsonRpcId, JsonRpcMessage, JsonRpcRequest, JsonRpcResponse, TraceCarrier } from '../types.ts';
import { Meta, type Era } from '../versions.ts';
import { createAsks, nobodyAnswers, type AskFunction } from './asks.ts';
import { cancelled, linkFailure, withNeeded } from './failures.ts';
import { deliver, LinkError, type CallOrigin, type Link } from './link.ts';
import { isLate } from './strays.ts';

/** Answers a server's questions, and receives messages that belong to no call. */
export interface InstanceClient {
  notify(method: string, params: JsonObject): void;
  ask: AskFunction | null;
}

export interface UpstreamRequest {
  method: string;
  /** Owned by the call: `_meta.progressToken` is rewritten in place. */
  params: JsonObject;
  headers?: Readonly<Record<string, string>>;
  /** Goes along as headers, besides `_meta`, which the caller has filled in. */
  trace?: TraceCarrier | undefined;
  signal?: CancelSignal;
  /** Absent for what the hub asks itself. */
  origin?: CallOrigin;
  /** Milliseconds without an answer or progress. */
  timeoutMs: number;
  /** Milliseconds in all. */
  maxMs: number;
  onNotification?: ((method: string, params: JsonObject) => void) | undefined;
  onAsk?: AskFunction | null | undefined;
  /** The hub's own (handshake, lists, streams of changes): no call at work. */
  background?: boolean;
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
  fail(error: LinkError): void;
  /** Calls at work, the hub's own requests apart. */
  inFlight(): number;
}

export interface ExchangeOptions {
  link: () => Link;
  era: () => Era;
  client: () => InstanceClient | null;
  /** Takes out of a failure what nobody may see; `request` is the one that it ends. */
  hide(error: unknown, request?: UpstreamRequest): unknown;
  /** What the instance's person can do where the server refuses a request for its credentials; null = nothing. */
  refused: () => Needed | null;
  /** Notifications that belong to no call of a known caller. */
  onNotification(method: string, params: JsonObject): void;
  /** The server no longer knows the session of this link. */
  onSessionLost(error: LinkError): void;
  /** A reply to nothing that was ever asked. */
  onStray(reply: JsonRpcResponse): void;
}

interface Pending {
  readonly id: JsonRpcId;
  readonly request: UpstreamRequest;
  /** The caller's token, undefined where it wants no progress. */
  readonly progressToken: unknown;
  readonly deadline: number;
  /** Ends the HTTP exchange; null where the transport has none for a request. */
  readonly ending: Cancellation | null;
  readonly resolve: (result: JsonObject) => void;
  readonly reject: (error: unknown) => void;
  readonly onAbort: () => void;
  /** `performance.now()` of when it has waited long enough. */
  due: number;
}

/** Replaces the caller's progress token by the id of the request and gives the caller's. */
function takeToken(params: JsonObject, id: JsonRpcId): unknown {
  const meta = metaOf(params);
  const token = meta?.['progressToken'];
  if (meta !== undefined && token !== undefined) meta['progressToken'] = id;
  return token;
}

/** Everything one exchange knows; the functions below work on it. */
interface Context {
  readonly options: ExchangeOptions;
  readonly pending: InFlight<JsonRpcId, Pending>;
  readonly asks: ReturnType<typeof createAsks>;
  readonly alarm: Alarm;
  background: number;
}

function send(context: Context, message: JsonRpcMessage): void {
  deliver(context.options.link(), message).catch(() => undefined);
}

/** A request that a server names, in either form of its id. */
function find({ pending }: Context, named: unknown): Pending | undefined {
  const id = named as JsonRpcId;
  return pending.get(id) ?? pending.get(otherForm(id) ?? id);
}

/** Takes a request off the books; undefined where it is not on them any more. */
function settle(context: Context, id: JsonRpcId): Pending | undefined {
  const entry = context.pending.take(id) ?? context.pending.take(otherForm(id) ?? id);
  if (entry !== undefined) forget(context, entry);
  return entry;
}

function forget(context: Context, entry: Pending): void {
  entry.request.signal?.removeEventListener('abort', entry.onAbort);
  if (entry.request.background === true) context.background--;
  context.asks.drop(entry);
}

/** Cancels a request without an answer: notifies the server, and ends its HTTP exchange. */
function giveUp(context: Context, id: JsonRpcId, reason: string, error: RpcError): void {
  const entry = settle(context, id);
  if (entry === undefined) return;
  // A stateless HTTP request is cancelled by closing its stream (2026-07-28), and the handshake never.
  const byStream = context.options.era() === 'modern' && entry.ending !== null;
  if (!byStream && entry.request.method !== 'initialize') {
    send(context, { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id, reason } });
  }
  entry.ending?.abort(reason);
  entry.reject(error);
}

function arm(context: Context, entry: Pending): void {
  entry.due = Math.min(performance.now() + entry.request.timeoutMs, entry.deadline);
  context.alarm.by(entry.due);
}

function expire(context: Context, entry: Pending): void {
  // While somebody is being asked, the call waits for a person, not for the server.
  if (context.asks.waitsFor(entry) && performance.now() < entry.deadline) return arm(context, entry);
  const seconds = Math.round(entry.request.timeoutMs / 1000);
  const why = say('noAnswer', { seconds });
  giveUp(context, entry.id, 'timed out', new RpcError(ErrorCode.server, why, { timeout: true }));
}

/** Ends requests that waited long enough, and returns the time of the next. */
function expireDue(context: Context, now: number): number {
  const { pending } = context;
  for (const entry of pending.values()) if (entry.due <= now) expire(context, entry);
  return pending.least(({ due }) => due);
}

/**
 * The call a question without a stream of its own is for: the latest that can ask. Used only where no client owns
 * the connection; then it serves one asking call at a time.
 */
function latestAsking(pending: Context['pending']): Pending | undefined {
  return pending.findLast(({ request }) => request.onAsk != null);
}

/** The only call at work, for what a server says in its course without saying so. */
function onlyCall(context: Context): Pending | undefined {
  if (context.pending.size - context.background !== 1) return undefined;
  return context.pending.findLast(({ request }) => request.background !== true);
}

/** A program like `cat` gives the hub its own handshake back; answered, it would take that for the server's answer. */
function isEcho({ pending }: Context, { id, method }: JsonRpcRequest): boolean {
  return (method === 'initialize' || method === 'server/discover') && pending.get(id)?.request.method === method;
}

function answer(context: Context, message: JsonRpcRequest, related: JsonRpcId | null): void {
  const { options, pending, asks } = context;
  if (isEcho(context, message)) {
    return lose(context, message.id, new LinkError('protocol', say('echo')));
  }
  if (message.method === 'ping') return send(context, { jsonrpc: '2.0', id: message.id, result: {} });
  const byStream = related === null ? undefined : pending.get(related);
  if (byStream?.request.onAsk != null) return asks.put(message, byStream.request.onAsk, byStream);
  const client = options.client()?.ask;
  if (client != null) return asks.put(message, client, null);
  const latest = latestAsking(pending);
  if (latest?.request.onAsk != null) return asks.put(message, latest.request.onAsk, latest);
  send(context, { jsonrpc: '2.0', id: message.id, error: toErrorObject(nobodyAnswers(message.method)) });
}

function progressed(context: Context, params: JsonObject): void {
  const entry = find(context, params['progressToken']);
  if (entry === undefined || entry.progressToken === undefined) return;
  arm(context, entry);
  entry.request.onNotification?.('notifications/progress', { ...params, progressToken: entry.progressToken });
}

function heard(context: Context, method: string, params: JsonObject, related: JsonRpcId | null): void {
  const { options, pending, asks } = context;
  if (method === 'notifications/progress') return progressed(context, params);
  if (method === 'notifications/cancelled') return asks.withdraw(params['requestId'] as JsonRpcId);
  const byStream = related === null ? undefined : pending.get(related);
  if (method === 'notifications/message') {
    options.onNotification(method, params);
    const owner = byStream ?? onlyCall(context);
    if (owner?.request.onNotification !== undefined) return owner.request.onNotification(method, params);
    return options.client()?.notify(method, params);
  }
  // On a listen stream of a 2026 server: its subscription id is the id of our request.
  const subscription = find(context, metaOf(params)?.[Meta.subscriptionId]);
  if (subscription !== undefined) subscription.request.onNotification?.(method, params);
  else if (byStream?.request.onNotification !== undefined && !method.endsWith('/list_changed')) {
    return byStream.request.onNotification(method, params);
  }
  options.onNotification(method, params);
}

function begin(context: Context, id: JsonRpcId, request: UpstreamRequest): Promise<JsonObject> {
  const { options, pending } = context;
  const link = options.link();
  const ending = link.pid === null ? new Cancellation() : null;
  return new Promise<JsonObject>((resolve, reject) => {
    const entry: Pending = {
      id,
      request,
      progressToken: takeToken(request.params, id),
      deadline: performance.now() + request.maxMs,
      ending,
      resolve,
      reject,
      onAbort() {
        const reason: unknown = request.signal?.reason;
        giveUp(context, id, typeof reason === 'string' ? reason : 'cancelled by the client', cancelled());
      },
      due: 0,
    };
    pending.add(id, entry);
    if (request.background === true) context.background++;
    request.signal?.addEventListener('abort', entry.onAbort, { once: true });
    arm(context, entry);
    const message: JsonRpcRequest = { jsonrpc: '2.0', id, method: request.method, params: request.params };
    const { headers, trace, origin } = request;
    deliver(link, message, { headers, trace, signal: ending ?? undefined, origin }).catch((error: unknown) =>
      lose(context, id, error),
    );
  });
}

function lose(context: Context, id: JsonRpcId, error: unknown): void {
  const entry = settle(context, id);
  const told = context.options.hide(linkFailure(withNeeded(error, context.options.refused)), entry?.request);
  entry?.reject(told);
  if (told instanceof LinkError && told.code === 'session_lost') context.options.onSessionLost(told);
}

function fail(context: Context, error: LinkError): void {
  // Only what the server itself refused for its session may be sent again on a new one.
  const unsure = error.code === 'session_lost';
  const told = unsure ? new LinkError('closed', say('answerLost', { reason: whyOf(error) })) : error;
  for (const entry of context.pending.takeAll()) {
    forget(context, entry);
    entry.reject(told);
  }
  context.asks.close();
  context.alarm.stop();
}

export function createExchange(options: ExchangeOptions): Exchange {
  const pending = new InFlight<JsonRpcId, Pending>();
  const asks = createAsks({
    respond: (id, body) => send(context, { jsonrpc: '2.0', id, ...body }),
    progress: (params) => send(context, { jsonrpc: '2.0', method: 'notifications/progress', params }),
    settled() {
      // After the answer the server gets its whole time again.
      for (const entry of pending.values()) arm(context, entry);
    },
  });
  const alarm = new Alarm((now) => expireDue(context, now));
  const context: Context = { options, pending, asks, alarm, background: 0 };
  let lastId = 0;
  return {
    request(request) {
      if (request.signal?.aborted === true) return Promise.reject(cancelled());
      return begin(context, ++lastId, request);
    },
    notify: (method, params) => send(context, { jsonrpc: '2.0', method, params }),
    receive(message, related) {
      if (isRequest(message)) return answer(context, message, related);
      if (isNotification(message)) return heard(context, message.method, message.params ?? {}, related);
      const entry = message.id === null ? undefined : settle(context, message.id);
      if (entry === undefined) return isLate(message.id, lastId) ? undefined : options.onStray(message);
      if (message.error === undefined) return entry.resolve(message.result ?? {});
      entry.reject(options.hide(new RpcError(message.error.code, message.error.message, message.error.data)));
    },
    lose: (id, error) => lose(context, id, error),
    fail: (error) => fail(context, error),
    inFlight: () => pending.size - context.background,
  };
}
