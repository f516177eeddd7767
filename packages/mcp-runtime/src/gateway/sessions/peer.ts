import type { CancelSignal } from '../../hot/cancellation.ts';
import { ErrorCode, RpcError } from '../../rpc.ts';
import { textOf } from '../../source-text.ts';
import type { Credential, JsonObject, Span } from '../../types.ts';
import type { AskFunction } from '../../upstream/asks.ts';
import type { Instance } from '../../upstream/instance.ts';
import type { Need } from '../../upstream/places.ts';
import type { Era } from '../../versions.ts';
import type { View } from '../../view.ts';
import type { Mentions } from '../calls/mentions.ts';

export type AskClient = AskFunction;

/**
 * The downstream side of a conversation: a session of a 2025 client, one request of a 2026 client, or an
 * in-process caller. The router asks nothing else about who is calling.
 */
export interface Peer {
  readonly credential: Credential;
  readonly endpoint: string;
  readonly era: Era;
  readonly via: string;
  /** Session id where there is one; owns instances. */
  readonly session: string | null;
  /** Aborts when the session ends; absent where there is none. */
  readonly ended?: CancelSignal;
  readonly clientInfo: JsonObject;
  readonly capabilities: JsonObject;
  /** Throws RpcError where the endpoint is not (or no longer) the credential's to see. */
  view(): View;
  /** Whether the peer's upstream connections must be its own. */
  own(): boolean;
  /** Which server's result named a URI, in this conversation. */
  readonly mentions: Mentions | null;
  /** Delivers what belongs to no call and came from this server. */
  notify(method: string, params: JsonObject, serverId: string): void;
  /** Asks outside any call; null where the peer cannot be asked. */
  readonly ask: AskClient | null;
  /** Prepares an instance opened for this peer (log level, subscriptions). */
  readonly opened?: (serverId: string, instance: Instance) => Promise<void>;
}

/** One request of a peer on its way. */
export interface Call {
  readonly signal: CancelSignal;
  readonly requestId: string | null;
  /** The span of the call; null where calls have no traces. */
  readonly trace: Span | null;
  /** `Mcp-Param-*` headers of a 2026 client, lower case. */
  readonly paramHeaders: Readonly<Record<string, string>> | null;
  /** Ids of the graphs whose runs make it, the outermost first; absent for other callers. */
  readonly within?: readonly string[];
  /** Level the request asks log messages from (2026), or null. */
  readonly logLevel: string | null;
  notify(method: string, params: JsonObject): void;
  /** Asks the client in the course of this call; null where it cannot be asked. */
  ask: AskClient | null;
}

const raw = Symbol('raw');

/** A result whose JSON exists already; a symbol marks it, so that nothing a server sends can pass for one. */
export interface RawResult {
  readonly [raw]: string;
}

export type Result = JsonObject | RawResult;

const needs: Readonly<Record<string, string>> = {
  'sampling/createMessage': 'sampling',
  'elicitation/create': 'elicitation',
  'roots/list': 'roots',
};

/** Refuses on the client's behalf what it did not say it answers. */
export function onlyWhatItAnswers(capabilities: JsonObject, ask: AskClient): AskClient {
  return (method, params, options) => {
    const needed = Object.hasOwn(needs, method) ? needs[method] : undefined;
    if (needed === undefined || capabilities[needed] !== undefined) return ask(method, params, options);
    const text = `The server needs ${method}, which this client does not offer`;
    return Promise.reject(new RpcError(ErrorCode.missingCapability, text, { requiredCapabilities: { [needed]: {} } }));
  };
}

/** The parts for opening an instance are made when they are asked for: nearly every call finds its instance open. */
class PeerNeed implements Need {
  readonly own: boolean;
  readonly alone: boolean;
  private readonly peer: Peer;
  private readonly serverId: string;

  constructor(peer: Peer, serverId: string, how: Pick<Need, 'own' | 'alone'>) {
    this.peer = peer;
    this.serverId = serverId;
    this.own = how.own;
    this.alone = how.alone;
  }

  get credential(): string {
    return this.peer.credential.key;
  }

  get person(): string {
    return this.peer.credential.person;
  }

  get era(): Era {
    return this.peer.era;
  }

  get session(): string | null {
    return this.peer.session;
  }

  get ended(): CancelSignal | undefined {
    return this.peer.ended;
  }

  get identity(): Need['identity'] {
    const { clientInfo, capabilities } = this.peer;
    return { clientInfo, capabilities };
  }

  get client(): Need['client'] {
    const { peer, serverId } = this;
    return { notify: (method, params) => peer.notify(method, params, serverId), ask: peer.ask };
  }

  async onOpened(instance: Instance): Promise<void> {
    await this.peer.opened?.(this.serverId, instance);
  }
}

/** The instance a peer needs at a server; `own` where it must not be shared, `alone` where not even by calls at once. */
export function needOf(peer: Peer, serverId: string, how: Pick<Need, 'own' | 'alone'>): Need {
  return new PeerNeed(peer, serverId, how);
}

export function rawResult(json: string): RawResult {
  return { [raw]: json };
}

function isRaw(result: Result): result is RawResult {
  return raw in result;
}

/** Parses a result that is still text. */
export function toObject(result: Result): JsonObject {
  return isRaw(result) ? (JSON.parse(result[raw]) as JsonObject) : result;
}

export function encodeResult(id: string | number, result: Result): string {
  const body = isRaw(result) ? result[raw] : textOf(result);
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${body}}`;
}
