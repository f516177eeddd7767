import { excessOf } from '@switchboard/mcp-runtime/rules';

/** Characters of JSON. */
export const mostArguments = 1024 * 1024;
export const mostAnswer = 256 * 1024;
export const mostState = 256 * 1024;
/** Levels of a state. */
export const deepestState = 64;
export const mostActions = 1000;
/** Recorded calls of an action: the newest count. */
export const mostPairs = 5000;
export const mostTemplate = 64 * 1024;

/** Reads JSON of bounded structure; undefined where it is none. */
export function readJson(text: string): unknown {
  if (excessOf(text) !== null) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A name from outside, short enough to be repeated in a message. */
export function shown(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
