import type { ServerResponse } from 'node:http';

import { ErrorCode, isObject, RpcError } from '../rpc.ts';
import type { JsonObject, JsonRpcRequest } from '../types.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { Meta } from '../versions.ts';
import type { View } from '../view.ts';
import { sendError } from './http-io.ts';
import type { Call, Peer } from './peer.ts';
import { openSse } from './sse-stream.ts';
import { createSubscriptions } from './subscriptions.ts';

/** Open `subscriptions/listen` streams of stateless clients. */
export interface Listeners {
  open(peer: Peer, request: JsonRpcRequest, response: ServerResponse): void;
  /** Tells each stream which lists differ from what it knew. */
  refresh(): void;
  count(): number;
  close(): void;
}

interface Open {
  refresh(): void;
  end(graceful: boolean): void;
}

const MAX_STREAMS = 1024;
/** How long the acknowledgement waits for servers to take subscriptions. */
const SUBSCRIBE_MS = 10_000;

const CHANGES = [
  { flag: 'toolsListChanged', capability: 'tools', keys: ['tools'], method: 'notifications/tools/list_changed' },
  {
    flag: 'promptsListChanged',
    capability: 'prompts',
    keys: ['prompts'],
    method: 'notifications/prompts/list_changed',
  },
  {
    flag: 'resourcesListChanged',
    capability: 'resources',
    keys: ['resources', 'resourceTemplates'],
    method: 'notifications/resources/list_changed',
  },
] as const;

/** The part of a filter the endpoint can honour. */
function honoured(filter: JsonObject, view: View): JsonObject {
  const accepted: JsonObject = {};
  for (const { flag, capability } of CHANGES) {
    if (filter[flag] === true && view.capabilities[capability] !== undefined) accepted[flag] = true;
  }
  const uris = filter['resourceSubscriptions'];
  const resources = view.capabilities['resources'];
  if (Array.isArray(uris) && uris.length > 0 && isObject(resources) && resources['subscribe'] === true) {
    accepted['resourceSubscriptions'] = uris.filter((uri) => typeof uri === 'string').slice(0, 1000);
  }
  return accepted;
}

export function createListeners(options: { upstream(serverId: string): Upstream; hubInfo: JsonObject }): Listeners {
  const streams = new Set<Open>();

  /** Subscribes on the instance the client's calls use, and gives the URIs that could be subscribed. */
  const subscribeAll = async (
    peer: Peer,
    uris: readonly string[],
    send: (method: string, params: JsonObject) => void,
    signal: AbortSignal,
  ): Promise<string[]> => {
    const subscriptions = createSubscriptions({
      peer: { ...peer, own: () => true, notify: send },
      upstream: options.upstream,
    });
    const call: Call = {
      signal,
      requestId: null,
      paramHeaders: null,
      logLevel: null,
      notify: () => undefined,
      ask: null,
    };
    signal.addEventListener('abort', () => subscriptions.close(), { once: true });
    const late = AbortSignal.timeout(SUBSCRIBE_MS);
    const tried = uris.map(async (uri) => {
      const gaveUp = new Promise<null>((resolve) =>
        late.addEventListener('abort', () => resolve(null), { once: true }),
      );
      const done = subscriptions.add({ uri }, call).then(
        () => uri,
        () => null,
      );
      return Promise.race([done, gaveUp]);
    });
    return (await Promise.all(tried)).filter((uri) => uri !== null);
  };

  return {
    open(peer, request, response) {
      const filter = request.params?.['notifications'];
      if (!isObject(filter)) {
        const error = new RpcError(
          ErrorCode.invalidParams,
          "Invalid params: 'notifications' is needed, an object that names what to listen to",
        );
        return sendError(response, 200, request.id, error);
      }
      if (streams.size >= MAX_STREAMS)
        return sendError(response, 200, request.id, new RpcError(ErrorCode.internal, 'Subscription limit reached'));
      const view = peer.view();
      const accepted = honoured(filter, view);
      const sse = openSse(response);
      const controller = new AbortController();
      let known = view.json;
      const send = (method: string, params: JsonObject): void => {
        const meta = isObject(params['_meta']) ? params['_meta'] : {};
        sse.send(
          JSON.stringify({
            jsonrpc: '2.0',
            method,
            params: { ...params, _meta: { ...meta, [Meta.subscriptionId]: request.id } },
          }),
        );
      };
      const stream: Open = {
        refresh() {
          const { json } = peer.view();
          const before = known;
          known = json;
          for (const { flag, keys, method } of CHANGES) {
            if (accepted[flag] === true && keys.some((key) => before[key] !== json[key])) send(method, {});
          }
        },
        end(graceful) {
          if (!streams.delete(stream)) return;
          controller.abort();
          if (graceful) {
            const meta = { [Meta.subscriptionId]: request.id, [Meta.serverInfo]: view.serverInfo ?? options.hubInfo };
            sse.send(
              JSON.stringify({ jsonrpc: '2.0', id: request.id, result: { resultType: 'complete', _meta: meta } }),
            );
          }
          sse.end();
        },
      };
      streams.add(stream);
      sse.onClose(() => stream.end(false));
      const early: [string, JsonObject][] = [];
      let acknowledged = false;
      const acknowledge = (): void => {
        send('notifications/subscriptions/acknowledged', { notifications: accepted });
        if (Object.keys(accepted).length === 0) stream.end(true);
        for (const [method, params] of early.splice(0)) send(method, params);
        acknowledged = true;
      };
      const uris = accepted['resourceSubscriptions'];
      if (!Array.isArray(uris)) return acknowledge();
      // The acknowledgement comes first on the stream; what a server tells meanwhile waits behind it.
      const told = (method: string, params: JsonObject): void =>
        acknowledged ? send(method, params) : void early.push([method, params]);
      void subscribeAll(peer, uris.map(String), told, controller.signal).then((taken) => {
        if (taken.length > 0) accepted['resourceSubscriptions'] = taken;
        else delete accepted['resourceSubscriptions'];
        acknowledge();
      });
    },
    refresh() {
      for (const stream of [...streams]) {
        try {
          stream.refresh();
        } catch {
          stream.end(true);
        }
      }
    },
    count: () => streams.size,
    close() {
      for (const stream of [...streams]) stream.end(true);
    },
  };
}
