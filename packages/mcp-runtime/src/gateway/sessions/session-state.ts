import { randomUUID } from 'node:crypto';
import { Cancellation, type CancelSignal } from '../../hot/cancellation.ts';
import { InFlight } from '../../hot/in-flight.ts';
import type { Personal } from '../../personal.ts';
import type { Catalog, Credential, JsonObject, JsonRpcId } from '../../types.ts';
import { canBeAsked } from '../../upstream/handshake.ts';
import type { Instance } from '../../upstream/instance.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import type { Fragment, View } from '../../view.ts';
import { createSentPages, type SentPages } from '../asks/sent-caller.ts';
import { setLevel } from '../calls/forward.ts';
import { createMentions } from '../calls/mentions.ts';
import { negotiate } from '../calls/results.ts';
import type { Router } from '../calls/router.ts';
import type { Tasks } from '../tasks/tasks.ts';
import { onlyWhatItAnswers, type Peer } from './peer.ts';
import { createSessionAsks, type SessionAsks } from './session-asks.ts';
import { createSubscriptions, type Subscriptions } from './subscriptions.ts';

/** The outgoing side of a session: the transport decides which stream carries which message. */
export interface Outbox {
  /** `related` names the client's request a message belongs to, where it belongs to one; a question wants an answer. */
  emit(message: string, related: JsonRpcId | null, question: boolean): void;
  /** The answer of a request, empty where it gets none; nothing more follows for it. */
  answer(id: JsonRpcId, message: string): void;
  /** The session is over: a stream that lives with it ends. */
  close?(this: void): void;
}

export interface SessionOptions {
  credential: Credential;
  endpoint: string;
  outbox: Outbox;
  router: Router;
  /** The tasks and the people who were given them. */
  tasks: Tasks;
  hubInfo: JsonObject;
  viewOf(this: void, sessionId: string, capabilities: JsonObject): View;
  /** The view, once the only server of an endpoint has been listed. */
  readyView(this: void, view: () => View, peer: Peer, signal: CancelSignal): View | Promise<View>;
  upstream(this: void, serverId: string): Upstream;
  catalogOf(this: void, serverId: string): Catalog | null;
  /** Gives back every instance a session owns. */
  release(this: void, sessionId: string): void;
  /** The session was used, or is used no more. */
  onSeen(this: void): void;
  /** The owners of instances, for links to pages that a client was sent to. */
  personal: Personal;
}

/** The facts of a session about its client, and the objects it holds for it. */
export interface SessionState {
  readonly id: string;
  readonly options: SessionOptions;
  readonly working: InFlight<JsonRpcId, Cancellation>;
  readonly asks: SessionAsks;
  readonly peer: Peer;
  readonly subscriptions: Subscriptions;
  readonly sentPages: SentPages;
  version: string;
  clientInfo: JsonObject;
  capabilities: JsonObject;
  logLevel: string | null;
  closed: boolean;
  readonly ended: Cancellation;
  /** The view that the client may have seen last; null until it is initialised. */
  told: View | null;
}

/** Sends a message to the client; `related` names its request, where the message belongs to one. */
export function emit(state: SessionState, message: JsonObject, related: JsonRpcId | null): void {
  if (!state.closed) state.options.outbox.emit(JSON.stringify(message), related, 'id' in message);
}

/** With the ids that tasks have at this endpoint. */
function shownHere({ options, peer }: SessionState, serverId: string, params: JsonObject): JsonObject {
  const shown = options.tasks.shown(options.credential.person, serverId, params);
  if (shown === params) return params;
  return whereHere(() => [peer.view().selection.prefixed])[0] === true ? shown : params;
}

function createPeer(state: () => SessionState): Peer {
  const { id, options } = state();
  return {
    credential: options.credential,
    endpoint: options.endpoint,
    era: 'legacy',
    via: 'mcp',
    session: id,
    get ended() {
      return state().ended;
    },
    get clientInfo() {
      return state().clientInfo;
    },
    get capabilities() {
      return state().capabilities;
    },
    view: () => options.viewOf(id, state().capabilities),
    own() {
      const { capabilities, logLevel, subscriptions } = state();
      return canBeAsked(capabilities) || logLevel !== null || subscriptions.any();
    },
    mentions: createMentions(),
    notify(method, params, serverId) {
      for (const heard of state().subscriptions.heard(serverId, method, params)) {
        emit(state(), { jsonrpc: '2.0', method, params: shownHere(state(), serverId, heard) }, null);
      }
    },
    ask: (method, params, how) => onlyWhatItAnswers(state().capabilities, state().asks.on(null))(method, params, how),
    async opened(serverId, instance) {
      const { logLevel, subscriptions } = state();
      if (logLevel !== null) await setLevel(instance, logLevel).catch(() => undefined);
      await subscriptions.restore(serverId, instance);
    },
  };
}

/** The result of a lookup, or none where a server or the endpoint no longer exists. */
function whereHere<T>(look: () => T[]): T[] {
  try {
    return look();
  } catch {
    return [];
  }
}

/** The instances this session owns at the servers it sees, or some of them. */
export function owned(
  { id, options, peer }: SessionState,
  which: (fragment: Fragment) => boolean = () => true,
): Instance[] {
  const fragments = whereHere(() => peer.view().fragments.filter(which));
  const serverIds = fragments.map(({ server }) => server.serverId);
  return serverIds.flatMap((serverId) => whereHere(() => [options.upstream(serverId).owned(id) ?? []].flat()));
}

export function createSessionState(options: SessionOptions): SessionState {
  const state: SessionState = {
    id: randomUUID(),
    options,
    working: new InFlight(),
    asks: createSessionAsks({ emit: (message, related) => emit(state, message, related) }),
    get peer() {
      return peer;
    },
    get subscriptions() {
      return subscriptions;
    },
    sentPages: createSentPages(),
    version: negotiate(undefined),
    clientInfo: {},
    capabilities: {},
    logLevel: null,
    closed: false,
    ended: new Cancellation(),
    told: null,
  };
  const peer = createPeer(() => state);
  const { upstream, catalogOf } = options;
  const subscriptions = createSubscriptions({ peer, upstream, catalogOf });
  return state;
}
