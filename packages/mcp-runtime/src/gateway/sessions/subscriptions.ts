import type { CancelSignal } from '../../hot/cancellation.ts';
import { routingHeaders } from '../../param-headers.ts';
import { resourceCandidates } from '../../reach.ts';
import { ErrorCode, RpcError } from '../../rpc.ts';
import type { Catalog, JsonObject } from '../../types.ts';
import { nextDelayMs } from '../../upstream/backoff.ts';
import { cancelled } from '../../upstream/failures.ts';
import { envelope } from '../../upstream/handshake.ts';
import { foreverMs, type Instance, type Watcher } from '../../upstream/instance.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import { latestModern } from '../../versions.ts';
import { needOf, type Call, type Peer } from './peer.ts';

/**
 * Resource subscriptions of one peer, by URI: `resources/subscribe` upstream, or a listen stream of a 2026 server.
 * They outlive the connections they are made on.
 */
export interface Subscriptions {
  add(params: JsonObject, call: Call): Promise<JsonObject>;
  remove(params: JsonObject): Promise<JsonObject>;
  /** Subscribes again on an instance that replaces the one before. */
  restore(serverId: string, instance: Instance): Promise<void>;
  any(): boolean;
  /** A notification of a server as the peer has to hear it: with the URIs that it subscribed to. */
  heard(serverId: string, method: string, params: JsonObject): JsonObject[];
  close(): void;
}

export interface SubscriptionsOptions {
  peer: Peer;
  upstream(serverId: string): Upstream;
  catalogOf(serverId: string): Catalog | null;
}

interface Subscription {
  readonly serverId: string;
  /** The server's own URI. */
  readonly uri: string;
  /** The instance that has the subscription; null where it has to be made again. */
  on: Instance | null;
  /** Ends the listen stream of a 2026 server. */
  stop: AbortController | null;
}

const updated = 'notifications/resources/updated';
const maxSubscriptions = 1000;
const subscribeMs = 30_000;
/** How long a server may take to acknowledge a stream before it counts as heard. */
const acknowledgeMs = 5000;
const limits = { timeoutMs: subscribeMs, maxMs: subscribeMs, background: true } as const;

interface Context {
  readonly options: SubscriptionsOptions;
  readonly held: Map<string, Subscription>;
  /** Instances kept awake for subscriptions on them. */
  readonly watched: Map<Instance, Watcher>;
  readonly closing: AbortController;
  pending: number;
}

function uriOf(params: JsonObject): string {
  if (typeof params['uri'] === 'string') return params['uri'];
  throw new RpcError(ErrorCode.invalidParams, 'Invalid params: uri is needed, a string');
}

function withoutMeta(params: JsonObject): JsonObject {
  const { _meta: _dropped, ...rest } = params;
  return rest;
}

function placeOf({ options }: Context, uri: string): Pick<Subscription, 'serverId' | 'uri'> {
  const { peer, catalogOf } = options;
  const [candidate] = resourceCandidates(peer.view(), uri, peer.mentions, catalogOf);
  if (candidate !== undefined) return { serverId: candidate.serverId, uri: candidate.uri };
  throw new RpcError(ErrorCode.resourceNotFound, `Resource not found: ${uri}`, { uri });
}

/** Does something on the instance the peer's calls use. */
async function onInstance<T>(
  { options }: Context,
  serverId: string,
  signal: CancelSignal,
  work: (instance: Instance) => Promise<T>,
): Promise<T> {
  const lease = await options
    .upstream(serverId)
    .acquire(needOf(options.peer, serverId, { own: true, alone: false }), signal);
  try {
    return await work(lease.instance);
  } finally {
    lease.release();
  }
}

/** Keeps the instance while there are subscriptions on it, and does them again when it ends. */
function watch(context: Context, serverId: string, instance: Instance): void {
  const { peer } = context.options;
  if (context.watched.has(instance)) return;
  // A session hears its own instances anyway.
  const hears = peer.session === null && instance.era === 'legacy';
  const watcher: Watcher = {
    notify: hears ? (method, params) => peer.notify(method, params, serverId) : () => undefined,
    lost() {
      if (context.watched.delete(instance)) instance.leases--;
      for (const entry of context.held.values()) if (entry.on === instance) entry.on = null;
      again(context, serverId, 1);
    },
  };
  instance.leases++;
  instance.watchers.add(watcher);
  context.watched.set(instance, watcher);
}

function unwatch(context: Context, instance: Instance): void {
  const watcher = context.watched.get(instance);
  if (watcher === undefined) return;
  for (const entry of context.held.values()) if (entry.on === instance) return;
  context.watched.delete(instance);
  instance.watchers.delete(watcher);
  instance.leases--;
}

/** Makes up for a lost connection, as often as it takes while somebody is subscribed. */
function again(context: Context, serverId: string, attempt: number): void {
  const { closing, held } = context;
  const timer = setTimeout(
    () => {
      const wanted = [...held.values()].some((entry) => entry.serverId === serverId && entry.on === null);
      if (closing.signal.aborted || !wanted) return;
      onInstance(context, serverId, closing.signal, (instance) => restore(context, serverId, instance)).catch(() =>
        again(context, serverId, attempt + 1),
      );
    },
    nextDelayMs(attempt, Math.random()),
  );
  timer.unref();
}

async function restore(context: Context, serverId: string, instance: Instance): Promise<void> {
  for (const entry of context.held.values()) {
    if (entry.serverId !== serverId || entry.on !== null) continue;
    // A subscription that is refused now stays without updates; the others must not be affected.
    await attach(context, entry, instance).catch(() => undefined);
  }
}

async function attach(context: Context, entry: Subscription, instance: Instance): Promise<JsonObject> {
  const { serverId, uri } = entry;
  entry.on = instance;
  watch(context, serverId, instance);
  try {
    if (instance.era === 'modern') {
      await listen(context, entry, instance);
      return {};
    }
    return await instance.request({ method: 'resources/subscribe', params: { uri }, ...limits });
  } catch (error) {
    entry.on = null;
    unwatch(context, instance);
    throw error;
  }
}

/** Opens a listen stream; resolves once the server has acknowledged it, so that nothing after goes unheard. */
function listen(context: Context, entry: Subscription, instance: Instance): Promise<void> {
  const { peer } = context.options;
  const stop = new AbortController();
  entry.stop = stop;
  const identity = { clientInfo: peer.clientInfo, capabilities: peer.capabilities };
  const params: JsonObject = { notifications: { resourceSubscriptions: [entry.uri] }, _meta: envelope(identity) };
  const acknowledged = Promise.withResolvers<void>();
  const timer = setTimeout(acknowledged.resolve, acknowledgeMs);
  timer.unref();
  function ended(): void {
    acknowledged.resolve();
    if (stop.signal.aborted || context.closing.signal.aborted || entry.stop !== stop) return;
    entry.on = null;
    again(context, entry.serverId, 1);
  }
  instance
    .request({
      method: 'subscriptions/listen',
      params,
      headers: routingHeaders(latestModern, 'subscriptions/listen', params),
      signal: stop.signal,
      timeoutMs: foreverMs,
      maxMs: foreverMs,
      background: true,
      onNotification: (method, told) => {
        if (method === 'notifications/subscriptions/acknowledged') acknowledged.resolve();
        if (method === updated) peer.notify(method, withoutMeta(told), entry.serverId);
      },
    })
    .then(ended, (error: unknown) => (error instanceof RpcError ? acknowledged.reject(error) : ended()))
    .finally(() => clearTimeout(timer));
  return acknowledged.promise;
}

async function add(context: Context, uri: string, signal: CancelSignal): Promise<JsonObject> {
  const { held, closing } = context;
  if (held.has(uri)) return {};
  if (held.size + context.pending >= maxSubscriptions) {
    throw new RpcError(ErrorCode.server, `More than ${maxSubscriptions} subscriptions in one session`);
  }
  const place = placeOf(context, uri);
  context.pending++;
  try {
    return await onInstance(context, place.serverId, signal, async (instance) => {
      if (closing.signal.aborted || signal.aborted) throw cancelled();
      const entry: Subscription = held.get(uri) ?? { ...place, on: null, stop: null };
      if (entry.on !== null) return {};
      held.set(uri, entry);
      return attach(context, entry, instance).catch((error: unknown) => {
        if (held.get(uri) === entry) held.delete(uri);
        throw error;
      });
    });
  } finally {
    context.pending--;
  }
}

async function remove(context: Context, uri: string): Promise<JsonObject> {
  const entry = context.held.get(uri);
  if (entry === undefined) return {};
  context.held.delete(uri);
  const { on, stop } = entry;
  stop?.abort();
  if (on === null) return {};
  unwatch(context, on);
  if (on.era === 'modern' || !on.alive()) return {};
  // Another URI of the endpoint may mean the same resource.
  for (const other of context.held.values()) if (other.on === on && other.uri === entry.uri) return {};
  return on.request({ method: 'resources/unsubscribe', params: { uri: entry.uri }, ...limits });
}

function heard({ held, options }: Context, serverId: string, method: string, params: JsonObject): JsonObject[] {
  const { uri } = params;
  if (method !== updated || typeof uri !== 'string') return [params];
  const asked = [...held].filter(([, entry]) => entry.serverId === serverId && entry.uri === uri);
  if (asked.length > 0) return asked.map(([wanted]) => (wanted === uri ? params : { ...params, uri: wanted }));
  // An update can be about a part of the subscribed resource.
  const shown = whereHere(() => options.peer.view().apart?.shown(serverId, uri)) ?? uri;
  return [shown === uri ? params : { ...params, uri: shown }];
}

/** The result of a lookup, or none where the endpoint is no longer the peer's. */
function whereHere<T>(look: () => T | undefined): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

export function createSubscriptions(options: SubscriptionsOptions): Subscriptions {
  const context: Context = {
    options,
    held: new Map(),
    watched: new Map(),
    closing: new AbortController(),
    pending: 0,
  };
  return {
    any: () => context.held.size + context.pending > 0,
    add: async (params, call) => add(context, uriOf(params), call.signal),
    remove: async (params) => remove(context, uriOf(params)),
    restore: (serverId, instance) => restore(context, serverId, instance),
    heard: (serverId, method, params) => heard(context, serverId, method, params),
    close() {
      if (context.closing.signal.aborted) return;
      context.closing.abort();
      const entries = [...context.held.values()];
      context.held.clear();
      for (const { stop } of entries) stop?.abort();
      for (const instance of context.watched.keys()) {
        unwatch(context, instance);
      }
      // Instances of a session end with it; shared ones need an unsubscribe.
      if (options.peer.session !== null) return;
      for (const { on, uri } of entries) {
        if (on?.era !== 'legacy' || !on.alive()) continue;
        on.request({ method: 'resources/unsubscribe', params: { uri }, ...limits }).catch(() => undefined);
      }
    },
  };
}
