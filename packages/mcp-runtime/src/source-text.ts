import { endOfString } from './nesting.ts';

const quote = 34;
const comma = 44;
const colon = 58;
const open = 0x7b;
const close = 0x7d;

/** Below this, serialising a result again costs less than a search for its text. */
const worthCharacters = 256 * 1024;

const sources = new WeakMap<object, string>();

function afterSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 32) at += 1;
  return at;
}

/** The end of the value that starts here, exclusive; -1 where it has none. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === quote) {
      at = endOfString(text, at);
      if (at === -1) return -1;
      if (depth === 0) return at + 1;
    } else if ((char | 0x20) === open) {
      depth += 1;
    } else if ((char | 0x20) === close) {
      if (depth === 0) return at;
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (char === comma && depth === 0) {
      return at;
    }
  }
  return -1;
}

/**
 * The text of a member of the object that a valid JSON text is; of the last one where several have the name, as parsers
 * read it. Null where it has none, or a name is written with escapes.
 */
export function memberText(text: string, name: string): string | null {
  let found: string | null = null;
  let at = afterSpace(text, afterSpace(text, 0) + 1);
  while (text.charCodeAt(at) === quote) {
    const keyEnd = endOfString(text, at);
    if (keyEnd === -1) return null;
    const key = text.slice(at + 1, keyEnd);
    if (key.includes('\\')) return null;
    at = afterSpace(text, keyEnd + 1);
    if (text.charCodeAt(at) !== colon) return null;
    const start = afterSpace(text, at + 1);
    const end = endOfValue(text, start);
    if (end === -1) return null;
    if (key === name) found = text.slice(start, end);
    at = afterSpace(text, end);
    if (text.charCodeAt(at) !== comma) break;
    at = afterSpace(text, at + 1);
  }
  return found;
}

/** The texts of the elements of the array that a valid JSON text is. */
export function elementTexts(text: string): string[] {
  const found: string[] = [];
  let at = afterSpace(text, afterSpace(text, 0) + 1);
  for (;;) {
    const end = endOfValue(text, at);
    if (end <= at) return found;
    found.push(text.slice(at, end));
    at = afterSpace(text, end);
    if (text.charCodeAt(at) !== comma) return found;
    at = afterSpace(text, at + 1);
  }
}

/**
 * Keeps the message that a large result was parsed from: serialising 30 MB again takes a tenth of a second, in which
 * the hub does nothing else. The result must not be changed afterwards; a copy has no source.
 */
export function keepSource(result: object, message: string): void {
  if (message.length >= worthCharacters) sources.set(result, message);
}

/** The JSON text of a result, looked for in its message only when somebody wants it: lists are never passed on. */
export function textOf(result: object): string {
  const message = sources.get(result);
  return (message === undefined ? null : memberText(message, 'result')) ?? JSON.stringify(result);
}
