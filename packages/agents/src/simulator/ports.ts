import type { Clock, JsonObject, Message, Parameters } from '../types.ts';
import type { AnswerMode, Fault, FaultProfile, SimulatedApp } from './types.ts';

export type RpcId = string | number;

export interface RpcError {
  code: number;
  message: string;
  data?: unknown;
}

/** The reply to the caller; the id is null where the request had none that could be read. */
export type RpcReply =
  | { jsonrpc: '2.0'; id: RpcId | null; result: JsonObject }
  | { jsonrpc: '2.0'; id: RpcId | null; error: RpcError };

export interface RpcNotification {
  jsonrpc: '2.0';
  method: string;
  params?: JsonObject;
}

/** The effect of the product's own URL on an answer; everybody else gets the nearest JSON-RPC error. */
export type WireFault =
  | { kind: 'http-status'; status: number; message: string; retryAfterSeconds: number | null }
  /** The connection is cut: before anything, or in the middle of the reply. */
  | { kind: 'cut'; sent: 'nothing' | 'half' }
  | { kind: 'malformed' }
  | { kind: 'drip'; ms: number }
  | { kind: 'wrong-id' };

/** Which mode answered; `canned` is what there is without any. */
export type AnsweredBy = AnswerMode['mode'] | 'canned';

/** A call of an action, for a log. */
export interface CallNote {
  action: string;
  /** As they came. */
  arguments: JsonObject;
  /** Of the scope's calls, from 1. */
  number: number;
  /**
   * `tool-error`: a result that says `isError`; `rpc-error`: refused, or so by a fault; `wire`: the answer is lost on its
   * way; `abandoned`: the caller went before there was one.
   */
  outcome: 'success' | 'tool-error' | 'rpc-error' | 'wire' | 'abandoned';
  /** Null where nothing answered. */
  mode: AnsweredBy | null;
  /** The kinds of the faults that met it. */
  faults: Fault['kind'][];
  /** The name of the model that answered; null where none did, or the answer is from the cache. */
  model: string | null;
}

/** The result of a message. */
export interface Outcome {
  /** Null for notifications, and where the caller went. */
  reply: RpcReply | null;
  /** Told besides, where there is a way. */
  notifications: RpcNotification[];
  wire: WireFault | null;
  /** Waited already. */
  delayMs: number;
  call: CallNote | null;
}

/** The state of an app as one scope sees it. */
export interface StateHolder {
  read(): JsonObject | Promise<JsonObject>;
  /**
   * Puts what `apply` makes of the state in its place, one caller after the other. `apply` may run again where it has to;
   * where it throws, the state stays and the promise rejects with the same.
   */
  change(apply: (state: JsonObject) => JsonObject): Promise<void>;
}

/** The counters of a scope; `createCounters` makes them, and the engine alone changes them. */
export interface Counters {
  calls: number;
  /** Answers to `tools/list`. */
  lists: number;
  /** Epoch milliseconds of the last call before this one. */
  lastCallAt: number | null;
  /** Begin and count of the minute that is limited, by fault. */
  minutes: Map<string, { start: number; count: number }>;
}

/** The caller, and its state, seed and faults. */
export interface Scope {
  /** Token or session: whose calls are counted together. */
  key: string;
  /** Wins over the app's. */
  seed: string | null;
  /** Besides the app's. */
  faults: readonly Fault[];
  /** Wins over the app's. */
  profile: FaultProfile | null;
  state: StateHolder;
  counters: Counters;
  /** Ends waits and turns of a model. */
  signal: AbortSignal;
  /** The revision that was negotiated; null where nothing says. Requests of 2026-07-28 say it themselves. */
  version: string | null;
  /** Handed to the ports as it is. */
  callerInfo: unknown;
  /** ISO; absent = what the counters know. */
  lastCalledAt?: string | null;
}

/** One question to a model. */
export interface SimulatorTurn {
  app: SimulatedApp;
  action: string;
  /** As the answer mode names it; null = the default. */
  model: string | null;
  messages: Message[];
  /** With a seed where the call has one. */
  parameters: Parameters;
  callerInfo: unknown;
  signal: AbortSignal;
}

export interface SimulatorAnswer {
  content: string;
  /** Read where `content` is empty. */
  reasoning: string;
  /** The name of the model. */
  model: string;
  streamed: boolean;
}

/** A text that is sent to a model, with its declared `{variables}`. */
export interface PromptText {
  body: string;
  /** Changes with the body: answers of another version are no answers of this one. */
  version: string;
}

export interface SimulatorPorts {
  /** The version in `serverInfo`. */
  version: string;
  clock: Clock;
  /**
   * Asks a model; null where there is none, so that the next mode answers. The message of a rejection gets into the
   * result, so it has to be safe to show. Absent = there is no model.
   */
  turn?: (turn: SimulatorTurn) => Promise<SimulatorAnswer | null>;
  /** The text named `response_simulation`; absent = the default one. */
  responsePrompt?: () => PromptText | Promise<PromptText>;
  /** Answers of models, by a key of 64 characters. */
  cache?: {
    get(key: string): Promise<string | null>;
    set(key: string, value: string): Promise<void>;
  };
  /** The seed of an answer without one; absent = chance. */
  chance?: () => string;
}
