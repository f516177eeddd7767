import { isObject } from '@switchboard/basics';
import { readJson } from './json-text.ts';

type Shown = { isError: boolean } & ({ value: unknown } | { text: string });

/** What a result of `tools/call` says: its structured content, else its text as JSON, else as it is. */
export function answerOf(result: Record<string, unknown> | null): Shown | null {
  if (result === null) return null;
  const isError = result['isError'] === true;
  if (result['structuredContent'] !== undefined) return { isError, value: result['structuredContent'] };
  const content: unknown[] = Array.isArray(result['content']) ? result['content'] : [];
  const texts = content.filter(isObject).map(({ text }) => text);
  if (texts.length !== content.length || !texts.every((text) => typeof text === 'string'))
    return { isError, value: result };
  const text = texts.join('\n');
  const read = readJson(text, 'value');
  return read.ok ? { isError, value: read.value } : { isError, text };
}
