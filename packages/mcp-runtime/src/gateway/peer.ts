import type { AskOptions } from '../upstream/exchange.ts';
import type { Instance } from '../upstream/instance.ts';
import type { Credential, JsonObject } from '../types.ts';
import type { Era } from '../versions.ts';
import type { View } from '../view.ts';

export type AskClient = (method: string, params: JsonObject, options: AskOptions) => Promise<JsonObject>;

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
  readonly clientInfo: JsonObject;
  readonly capabilities: JsonObject;
  /** Throws RpcError where the endpoint is not (or no longer) the credential's to see. */
  view(): View;
  /** Whether the peer's upstream connections must be its own (design: Instances). */
  own(): boolean;
  /** Which server's result named a URI, in this conversation. */
  mentioned: Map<string, string> | null;
  /** Delivers what belongs to no call. */
  notify(method: string, params: JsonObject): void;
  /** Asks outside any call; null where the peer cannot be asked. */
  ask: AskClient | null;
  /** Prepares an instance opened for this peer (log level, subscriptions). */
  opened?: (serverId: string, instance: Instance) => Promise<void>;
}

/** One request of a peer on its way. */
export interface Call {
  readonly signal: AbortSignal;
  readonly requestId: string | null;
  /** `Mcp-Param-*` headers of a 2026 client, lower case. */
  readonly paramHeaders: Readonly<Record<string, string>> | null;
  /** Level the request asks log messages from (2026), or null. */
  readonly logLevel: string | null;
  notify(method: string, params: JsonObject): void;
  /** Asks the client in the course of this call; null where it cannot be asked. */
  ask: AskClient | null;
}

/** A result whose JSON exists already. */
export interface RawResult {
  raw: string;
}

export type Result = JsonObject | RawResult;

export function isRaw(result: Result): result is RawResult {
  return typeof (result as RawResult).raw === 'string' && Object.keys(result).length === 1;
}

export function encodeResult(id: string | number, result: Result): string {
  const body = isRaw(result) ? result.raw : JSON.stringify(result);
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${body}}`;
}
