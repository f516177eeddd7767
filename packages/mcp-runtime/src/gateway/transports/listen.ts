import type { ServerResponse } from 'node:http';
import { isObject } from '@switchboard/basics';
import type { CancelSignal } from '../../hot/cancellation.ts';
import { ErrorCode, RpcError } from '../../rpc.ts';
import type { Catalog, JsonObject, JsonRpcRequest } from '../../types.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import { Meta } from '../../versions.ts';
import type { View } from '../../view.ts';
import { sendError } from '../io/http-io.ts';
import { createSlices } from '../io/slices.ts';
import { openSse } from '../io/sse-stream.ts';
import { changesBetween, listChanges } from '../sessions/list-changes.ts';
import type { Call, Peer } from '../sessions/peer.ts';
import { createSubscriptions } from '../sessions/subscriptions.ts';
import { statusOf } from './modern-reply.ts';

/** Open `subscriptions/listen` streams of stateless clients. */
export interface Listeners {
  open(peer: Peer, request: JsonRpcRequest, response: ServerResponse): void;
  /** Tells each stream soon which lists differ from what it knew. */
  refresh(): void;
  count(): number;
  close(): void;
}

export interface ListenersOptions {
  upstream(this: void, serverId: string): Upstream;
  catalogOf(this: void, serverId: string): Catalog | null;
  /** The view, once the only server of an endpoint has been listed. */
  readyView(this: void, view: () => View, peer: Peer, signal: CancelSignal): View | Promise<View>;
  hubInfo: JsonObject;
}

interface OpenStream {
  peer: Peer;
  request: JsonRpcRequest;
  response: ServerResponse;
  view: View;
  /** The part of the filter that is honoured. */
  accepted: JsonObject;
}

interface Open {
  readonly person: string;
  refresh(): void;
  end(graceful: boolean): void;
}

const maxStreams = 1024;
const maxPerPerson = 64;
/** How long the acknowledgement waits for servers to take subscriptions. */
const subscribeMs = 10_000;
/** The most notifications of servers before the acknowledgement is sent. */
const maxEarly = 100;

/** The part of a filter the endpoint can honour. */
function honoured(filter: JsonObject, view: View): JsonObject {
  const accepted: JsonObject = {};
  for (const { flag, capability } of listChanges) {
    if (filter[flag] === true && view.capabilities[capability] !== undefined) accepted[flag] = true;
  }
  const uris = filter['resourceSubscriptions'];
  const resources = view.capabilities['resources'];
  if (Array.isArray(uris) && uris.length > 0 && isObject(resources) && resources['subscribe'] === true) {
    accepted['resourceSubscriptions'] = uris.filter((uri) => typeof uri === 'string').slice(0, 1000);
  }
  return accepted;
}

type Send = (method: string, params: JsonObject) => void;

/** Subscribes on the instance the client's calls use, and gives the URIs that could be subscribed. */
async function subscribeAll(
  options: ListenersOptions,
  caller: Peer,
  { uris, tell, signal }: { uris: readonly string[]; tell: Send; signal: CancelSignal },
): Promise<string[]> {
  const { upstream, catalogOf } = options;
  const peer: Peer = {
    ...caller,
    own: () => true,
    notify(method, params, serverId) {
      for (const heard of subscriptions.heard(serverId, method, params)) tell(method, heard);
    },
  };
  const subscriptions = createSubscriptions({ peer, upstream, catalogOf });
  const silent = {
    requestId: null,
    trace: null,
    paramHeaders: null,
    logLevel: null,
    notify: () => undefined,
    ask: null,
  };
  const call: Call = { signal, ...silent };
  if (signal.aborted) subscriptions.close();
  else signal.addEventListener('abort', () => subscriptions.close(), { once: true });
  const late = new Promise<null>((resolve) => void setTimeout(() => resolve(null), subscribeMs).unref());
  const tried = uris.map((uri) => {
    const taken = subscriptions.add({ uri }, call).then(
      () => uri,
      () => null,
    );
    return Promise.race([taken, late]);
  });
  return (await Promise.all(tried)).filter((uri) => uri !== null);
}

/** One stream from its acknowledgement, which comes before all else, to its end. */
function createStream(options: ListenersOptions, opened: OpenStream, onEnd: (stream: Open) => void): Open {
  const { peer, request, response, view, accepted } = opened;
  const sse = openSse(response);
  const ending = new AbortController();
  const early: [string, JsonObject][] = [];
  let acknowledged = false;
  let known = view;
  const send: Send = (method, params) => {
    const meta = isObject(params['_meta']) ? params['_meta'] : {};
    const stamped = { ...params, _meta: { ...meta, [Meta.subscriptionId]: request.id } };
    sse.send(JSON.stringify({ jsonrpc: '2.0', method, params: stamped }));
  };
  const tell: Send = (method, params) => {
    if (acknowledged) send(method, params);
    else if (early.length < maxEarly) early.push([method, params]);
  };
  function acknowledge(): void {
    acknowledged = true;
    send('notifications/subscriptions/acknowledged', { notifications: accepted });
    for (const [method, params] of early.splice(0)) send(method, params);
    if (Object.keys(accepted).length === 0) stream.end(true);
  }
  const stream: Open = {
    person: peer.credential.person,
    refresh() {
      const before = known;
      known = peer.view();
      for (const { flag, method } of changesBetween(before, known)) if (accepted[flag] === true) tell(method, {});
    },
    end(graceful) {
      if (ending.signal.aborted) return;
      ending.abort();
      onEnd(stream);
      if (graceful) {
        const meta = { [Meta.subscriptionId]: request.id, [Meta.serverInfo]: view.serverInfo ?? options.hubInfo };
        const result = { resultType: 'complete', _meta: meta };
        sse.send(JSON.stringify({ jsonrpc: '2.0', id: request.id, result }));
      }
      sse.end();
    },
  };
  sse.onClose(() => stream.end(false));
  const uris = accepted['resourceSubscriptions'];
  if (!Array.isArray(uris)) acknowledge();
  else {
    const wanted = { uris: uris.map(String), tell, signal: ending.signal };
    void subscribeAll(options, peer, wanted).then((taken) => {
      if (taken.length > 0) accepted['resourceSubscriptions'] = taken;
      else delete accepted['resourceSubscriptions'];
      acknowledge();
    });
  }
  return stream;
}

/** Serves `subscriptions/listen` (specification 2026-07-28). */
export function createListeners(options: ListenersOptions): Listeners {
  const streams = new Set<Open>();

  async function open(peer: Peer, request: JsonRpcRequest, response: ServerResponse): Promise<void> {
    const filter = request.params?.['notifications'];
    if (!isObject(filter)) {
      const text = "Invalid params: 'notifications' is needed, an object that names what to listen to";
      throw new RpcError(ErrorCode.invalidParams, text);
    }
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const view = await options.readyView(() => peer.view(), peer, gone.signal);
    const mine = [...streams].filter((stream) => stream.person === peer.credential.person);
    if (streams.size >= maxStreams || mine.length >= maxPerPerson) {
      const text = `Subscription limit reached: a person may hold ${maxPerPerson} streams, the hub ${maxStreams}`;
      throw new RpcError(ErrorCode.internal, text);
    }
    if (response.destroyed || closed) return;
    const opened = { peer, request, response, view, accepted: honoured(filter, view) };
    const stream = createStream(options, opened, (ended) => streams.delete(ended));
    if (!response.writableEnded) streams.add(stream);
  }
  let closed = false;
  const refreshing = createSlices<Open>((stream) => {
    if (!streams.has(stream)) return;
    try {
      stream.refresh();
    } catch {
      stream.end(true);
    }
  });

  return {
    open(peer, request, response) {
      open(peer, request, response).catch((error: unknown) => sendError(response, statusOf(error), request.id, error));
    },
    refresh: () => refreshing.add(streams),
    count: () => streams.size,
    close() {
      closed = true;
      for (const stream of streams) stream.end(true);
    },
  };
}
