import { routingHeaders } from '../param-headers.ts';
import { ErrorCode, RpcError } from '../rpc.ts';
import type { JsonObject } from '../types.ts';
import { envelope } from '../upstream/instance.ts';
import type { Instance } from '../upstream/instance.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { LATEST_MODERN } from '../versions.ts';
import { resourceCandidates } from '../view.ts';
import type { Call, Peer } from './peer.ts';

/** Resource subscriptions of one peer, by URI: `resources/subscribe` upstream, or a listen stream of a 2026 server. */
export interface Subscriptions {
  add(params: JsonObject, call: Call): Promise<JsonObject>;
  remove(params: JsonObject, call: Call): Promise<JsonObject>;
  /** Subscribes again on an instance that replaces the one before. */
  restore(serverId: string, instance: Instance): Promise<void>;
  any(): boolean;
  close(): void;
}

interface Subscription {
  serverId: string;
  /** Ends the listen stream of a 2026 server. */
  stop: AbortController | null;
}

const MAX_SUBSCRIPTIONS = 1000;
const FOREVER = 2 ** 31 - 1;

export function createSubscriptions(options: { peer: Peer; upstream(serverId: string): Upstream }): Subscriptions {
  const { peer } = options;
  const held = new Map<string, Subscription>();
  const watched = new Set<Instance>();
  let pending = 0;

  const uriOf = (params: JsonObject): string => {
    if (typeof params['uri'] === 'string') return params['uri'];
    throw new RpcError(ErrorCode.invalidParams, 'Invalid params: uri is needed, a string');
  };

  const subscribe = async (instance: Instance, method: string, uri: string): Promise<JsonObject> =>
    instance.request({ method, params: { uri }, timeoutMs: 30_000, maxMs: 30_000 });

  const listen = (instance: Instance, uri: string): AbortController => {
    const stop = new AbortController();
    const identity = { clientInfo: peer.clientInfo, capabilities: peer.capabilities };
    const params: JsonObject = { notifications: { resourceSubscriptions: [uri] }, _meta: envelope(identity) };
    instance
      .request({
        method: 'subscriptions/listen',
        params,
        headers: routingHeaders(LATEST_MODERN, 'subscriptions/listen', params),
        signal: stop.signal,
        timeoutMs: FOREVER,
        maxMs: FOREVER,
        onNotification: (method, told) => {
          if (method === 'notifications/resources/updated') peer.notify(method, withoutMeta(told));
        },
      })
      .catch(() => undefined);
    return stop;
  };

  const find = (uri: string): string => {
    const view = peer.view();
    const [serverId] = resourceCandidates(view, uri, peer.mentioned?.get(uri), (id) =>
      options.upstream(id).primary.catalog(),
    );
    if (serverId === undefined || view.hidden.has(uri))
      throw new RpcError(ErrorCode.resourceNotFound, `Resource not found: ${uri}`, { uri });
    return serverId;
  };

  /** Without a session nothing else keeps the instance or hears it for this peer. */
  const watch = (instance: Instance): void => {
    if (watched.has(instance)) return;
    watched.add(instance);
    instance.leases++;
    instance.watchers.add(peer.notify);
  };

  const acquire = async (serverId: string, signal: AbortSignal): Promise<Instance> => {
    const { opened } = peer;
    const lease = await options.upstream(serverId).acquire(
      {
        credential: peer.credential.key,
        era: peer.era,
        session: peer.session,
        own: true,
        identity: { clientInfo: peer.clientInfo, capabilities: peer.capabilities },
        client: { notify: (method, params) => peer.notify(method, params), ask: peer.ask },
        ...(opened === undefined ? {} : { onOpened: (instance: Instance) => opened(serverId, instance) }),
      },
      signal,
    );
    lease.release();
    if (peer.session === null && lease.instance.era === 'legacy') watch(lease.instance);
    return lease.instance;
  };

  return {
    any: () => held.size + pending > 0,
    async add(params, call) {
      const uri = uriOf(params);
      if (held.size >= MAX_SUBSCRIPTIONS)
        throw new RpcError(ErrorCode.server, `More than ${MAX_SUBSCRIPTIONS} subscriptions in one session`);
      if (held.has(uri)) return {};
      const serverId = find(uri);
      pending++;
      try {
        const instance = await acquire(serverId, call.signal);
        if (instance.era === 'modern') {
          held.set(uri, { serverId, stop: listen(instance, uri) });
          return {};
        }
        const result = await subscribe(instance, 'resources/subscribe', uri);
        held.set(uri, { serverId, stop: null });
        return result;
      } finally {
        pending--;
      }
    },
    async remove(params) {
      const uri = uriOf(params);
      const entry = held.get(uri);
      if (entry === undefined) return {};
      held.delete(uri);
      entry.stop?.abort();
      const instance = peer.session === null ? null : options.upstream(entry.serverId).owned(peer.session);
      return entry.stop === null && instance !== null ? subscribe(instance, 'resources/unsubscribe', uri) : {};
    },
    async restore(serverId, instance) {
      for (const [uri, entry] of held) {
        if (entry.serverId !== serverId) continue;
        if (instance.era === 'legacy') await subscribe(instance, 'resources/subscribe', uri).catch(() => undefined);
      }
    },
    close() {
      for (const entry of held.values()) entry.stop?.abort();
      held.clear();
      for (const instance of watched) {
        instance.leases--;
        instance.watchers.delete(peer.notify);
      }
      watched.clear();
    },
  };
}

function withoutMeta(params: JsonObject): JsonObject {
  const { _meta: _dropped, ...rest } = params;
  return rest;
}
