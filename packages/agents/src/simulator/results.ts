import { isObject } from '@switchboard/basics';
import type { JsonObject } from '../types.ts';
import { readJson } from './bounds.ts';

/** The answer of an action: `text` as it is shown, `value` where it is JSON. */
export interface Answer {
  text: string;
  value: unknown;
  isError: boolean;
  /** The whole result, where it was recorded. */
  result?: JsonObject;
}

/** An answer that is JSON. */
export function jsonAnswer(value: unknown, isError = false): Answer {
  return { text: JSON.stringify(value, null, 2) ?? 'null', value, isError };
}

/** A text, as JSON where it is some. */
export function textAnswer(text: string): Answer {
  const trimmed = text.trim();
  const value = readJson(trimmed);
  return value === undefined ? { text: trimmed, value: undefined, isError: false } : jsonAnswer(value);
}

/** Revisions since which results have content of their own for programs. */
const structuredSince = '2025-06-18';

/** The result of `tools/call`. */
export function toolResult({ text, value, isError, result }: Answer, version: string | null): JsonObject {
  if (result !== undefined) return result;
  const structured = isObject(value) && (version === null || version >= structuredSince);
  return {
    content: [{ type: 'text', text }],
    ...(structured ? { structuredContent: value } : {}),
    ...(isError ? { isError: true } : {}),
  };
}
