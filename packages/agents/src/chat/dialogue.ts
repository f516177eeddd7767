import type { Answer, Chunk, Message, Tool } from '../types.ts';
import type { CallRules } from './calls.ts';

/** Reads the chunks of one turn. */
export interface TurnReader {
  /** What is shown of a chunk; null where nothing is left of it. */
  add(chunk: Chunk): Chunk | null;
  /** What was held back, when no more comes. */
  end(): Chunk | null;
  /** What was said; each of its calls has an id of its own. To be asked once. */
  answer(): Answer;
}

/** How a model is told of tools and asks for them. Its messages are in the form of OpenAI's, whatever the model is sent. */
export interface Dialogue {
  /** What the model is offered as functions. */
  tools: readonly Tool[];
  rules: CallRules;
  /** The messages as the model is sent them. */
  toModel(messages: readonly Message[]): readonly Message[];
  /** `taken` has the ids of all calls so far, and gets those of this turn. */
  read(turn: number, taken: Set<string>): TurnReader;
}
