import type { JsonObject } from '../types.ts';
import type { Reply } from './script.ts';

/** How the scripted provider writes one of the formats. */
export interface Wire {
  /** The events of a stream, each with its empty line. */
  events(reply: Reply, asked: JsonObject): { start: string[]; text: string[]; end: string[] };
  whole(reply: Reply, asked: JsonObject): JsonObject;
  /** The body of an error with this status. */
  error(status: number): JsonObject;
  /** An error in the middle of a stream. */
  errorEvent(): string;
}

/** A text in pieces of a few characters, as models give it. */
export function pieces(text: string, { pieceLength = 4 }: Reply): string[] {
  const characters = Array.from(text);
  return Array.from({ length: Math.ceil(characters.length / pieceLength) }, (_, at) =>
    characters.slice(at * pieceLength, (at + 1) * pieceLength).join(''),
  );
}

/** The reply with what it leaves out. */
export function filled(reply: Reply): Required<Pick<Reply, 'text' | 'reasoning' | 'calls' | 'finish' | 'usage'>> {
  const { calls = [], reasoning = '', usage = { prompt: 10, completion: 5 } } = reply;
  const text = reply.text ?? (calls.length === 0 ? 'ok' : '');
  return { text, reasoning, calls, usage, finish: reply.finish ?? (calls.length === 0 ? 'stop' : 'tool_calls') };
}

let made = 0;

/** An id that no other answer of this process has. */
export function newId(prefix: string): string {
  made += 1;
  return `${prefix}${made}`;
}
