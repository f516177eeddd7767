import type { Chunk, JsonObject, Message, Model, Parameters, Tool } from '../types.ts';
import type { StreamEvent } from './events.ts';
import type { Failures, Refusal } from './failures.ts';

/** The request of one turn. */
export interface TurnRequest {
  messages: readonly Message[];
  tools: readonly Tool[];
  parameters: Parameters;
  stream: boolean;
}

/** Reads one answer. Its errors are ProviderErrors. */
export interface AnswerReader {
  /** The chunks of an event of a stream. */
  event(event: StreamEvent): Chunk[];
  /** The same of an answer that came as one JSON object. */
  whole(body: JsonObject): Chunk[];
  /** Throws where the answer ended before the message did. */
  end(): void;
  /** `finished`: the message is whole, and only what it took may still come; `over`: nothing more comes. */
  state(): 'open' | 'finished' | 'over';
  /** The request that continues a message in which the provider paused; null where it did not. */
  goOn?(body: JsonObject): JsonObject | null;
}

/** A change of a request that was refused, so that a provider takes it. */
export interface RequestChange {
  name: string;
  /** The one that it takes back: both together change nothing. */
  undoes?: string;
  /** It is about the conversation, not the model: nothing is learnt from it. */
  once?: boolean;
  /** Whether the refusal asks for it. */
  wants(refusal: Refusal, body: JsonObject): boolean;
  /** The refusal is given where it has just arrived. */
  change(body: JsonObject, refusal?: Refusal): JsonObject;
}

/** One of the formats that models are spoken to in. */
export interface Format {
  path: string;
  headers(model: Model): Record<string, string>;
  body(model: Model, request: TurnRequest): JsonObject;
  concessions: readonly RequestChange[];
  reader(context: ReaderContext): AnswerReader;
}

export interface ReaderContext {
  model: Model;
  failures: Failures;
  /** How many choices were asked for. */
  choices: number;
  /** Epoch seconds, for answers without a time. */
  created: number;
  /** Makes ids unique that providers leave empty. */
  turnId: string;
}
