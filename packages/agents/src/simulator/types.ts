import type { JsonObject } from '../types.ts';

/** A parameter of an action, as the documented simulator API has it. */
export interface Parameter {
  key: string;
  /** `String`, `Integer`, `Number`, `Boolean`, `Array`, `Object` and their usual other spellings; anything else is a string. */
  type: string;
  required: boolean;
  description: string;
  default?: unknown;
  /** The values it may have. */
  options?: readonly unknown[];
  /** JSON Schema of the entries of an array. */
  items?: JsonObject;
  /** JSON Schemas of the fields of an object. */
  properties?: JsonObject;
}

/** One way to answer a call; an action has several in order of preference. */
export type AnswerMode =
  /** A language model answers, with a description of the product and the action. */
  | {
      mode: 'model';
      /** Its name; null = the one named `simulator`. */
      model: string | null;
      /** Whether the same call gets the answer that it got before. */
      cache: boolean;
    }
  /** A Liquid template over `arguments`, `state`, `app`, `action`, `call` and the filter `fake`. */
  | { mode: 'template'; body: string }
  /** Always the same: `value` as JSON. */
  | { mode: 'static'; value: unknown }
  /** Recorded calls: the pair with the same arguments, else the nearest one. */
  | { mode: 'replay' };

/** Which calls a fault meets; all that is given must hold. */
export interface FaultRule {
  /** Share of the calls, 0 to 1; the seed decides which. */
  rate?: number;
  /** Only the first so many calls of the scope (token or session). */
  first?: number;
  /** Every so-manieth call of the scope. */
  every?: number;
  /** Only calls of this action. */
  action?: string;
  /** A value in the arguments, by JSON Pointer: equal to `equals`, or text that holds `contains`. */
  argument?: { pointer: string; equals?: unknown; contains?: string };
}

/** A fault. Those marked *wire* act at the product's own URL; a hub's server fails in the nearest way. */
export type Fault = FaultRule &
  (
    | {
        kind: 'latency';
        /** Milliseconds; of `normal` and `long-tail` the median. */
        ms: number;
        distribution: 'fixed' | 'normal' | 'long-tail';
        /** Milliseconds (normal) or a factor (long-tail); absent = a quarter of `ms`, and 2. */
        spread?: number;
      }
    | { kind: 'rpc-error'; code: number; message: string }
    | { kind: 'tool-error'; message: string }
    /** Wire. */
    | { kind: 'http-status'; status: number; message?: string }
    /** So many calls a minute, further ones are refused with 429 and `Retry-After`. */
    | { kind: 'rate-limit'; perMinute: number }
    /** Never answers, until the caller gives up or `ms` have passed. Wire at its end: the connection is cut. */
    | { kind: 'timeout'; ms: number }
    /** Wire: the connection is cut in mid-answer. */
    | { kind: 'cut' }
    /** Wire: what is answered is no JSON. */
    | { kind: 'malformed' }
    /** The answer does not fit the output schema. */
    | { kind: 'schema-violation' }
    /** Wire: the answer comes a few bytes at a time, in `ms` altogether. */
    | { kind: 'drip'; ms: number }
    /** Wire: the answer has another id. */
    | { kind: 'wrong-id' }
    /** `tools/list` leaves out a tool of its own choosing, and says that the list changed. */
    | { kind: 'list-changes' }
  );

export const faultProfiles = ['flaky', 'slow', 'down', 'rate-limited'] as const;
/** A well-known set of faults. */
export type FaultProfile = (typeof faultProfiles)[number];

export interface SimulatedAction {
  name: string;
  displayName: string;
  description: string;
  parameters: readonly Parameter[];
  /** JSON Schema of the arguments in place of what the parameters say: of tools taken from elsewhere. */
  inputSchema: JsonObject | null;
  /** JSON Schema of the answer. */
  outputSchema: JsonObject | null;
  /** MCP's hints, such as `readOnlyHint`. */
  annotations: JsonObject | null;
  /** Empty = `model` where there is one, else a canned answer. */
  answers: readonly AnswerMode[];
  /** A Liquid template that gives a JSON Patch (RFC 6902) of the state; null = it changes nothing. It may read `answer` too. */
  changes: string | null;
}

/** A product that is simulated. */
export interface SimulatedApp {
  id: string;
  category: string;
  name: string;
  displayName: string;
  description: string;
  /** Further instructions for a model. */
  aiNotes: string;
  actions: readonly SimulatedAction[];
  /** The state before any change. */
  initialState: JsonObject;
  /** Null: every run differs. */
  seed: string | null;
  profile: FaultProfile | null;
  faults: readonly Fault[];
}

/** A recorded call and its answer. */
export interface ReplayPair {
  action: string;
  arguments: JsonObject;
  /** The whole result of `tools/call`, as it was. */
  result: JsonObject;
}
