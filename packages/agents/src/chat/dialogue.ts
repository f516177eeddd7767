import type { Answer, Chunk, Message, Tool } from '../types.ts';
import type { CallRules } from './calls.ts';

/** Reads the chunks of one turn. */
export interface TurnReader {
  /** The part of a chunk that is shown; null where none is left. */
  add(chunk: Chunk): Chunk | null;
  /** The text that was held back, at the end. */
  end(): Chunk | null;
  /** The answer; each of its calls has an id of its own. To be asked once. */
  answer(): Answer;
}

/**
 * How a model is offered tools and asks for them. Its messages are in the form of OpenAI's, whatever is sent to the
 * model.
 */
export interface Dialogue {
  /** Those of the offered tools that are sent as functions. */
  functions(offered: readonly Tool[]): readonly Tool[];
  rules: CallRules;
  /** The messages as the model is sent them. */
  toModel(messages: readonly Message[], offered: readonly Tool[]): readonly Message[];
  /** `taken` has the ids of all calls so far, and gets those of this turn. */
  read(turn: number, taken: Set<string>): TurnReader;
}
