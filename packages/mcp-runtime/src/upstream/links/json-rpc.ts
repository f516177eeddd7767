import type { JsonRpcId, JsonRpcMessage } from '../../types.ts';
import type { OversizeLine } from './lines.ts';

/** The id of a request, null for notifications and responses. */
export function requestId(message: JsonRpcMessage): JsonRpcId | null {
  return 'method' in message && 'id' in message ? message.id : null;
}

/** The id that a response answers, null for everything else. */
export function responseId(message: JsonRpcMessage): JsonRpcId | null {
  return 'method' in message ? null : message.id;
}

// An id that directly precedes the last brace belongs to the message itself.
const lastId = /"id"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+)\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$/;

/**
 * The id of the request that an oversize response answers, from its two ends; null where they do not contain it, or it
 * is no response.
 */
export function oversizeResponseId(line: Pick<OversizeLine, 'head' | 'tail'>): JsonRpcId | null {
  const outer = outerFields(line.head.toString('utf8'));
  if (outer.has('method')) return null;
  const first = outer.get('id');
  const text = first ?? lastId.exec(line.tail.toString('utf8'))?.[1];
  if (text === undefined) return null;
  try {
    const id: unknown = JSON.parse(text);
    return typeof id === 'string' || typeof id === 'number' ? id : null;
  } catch {
    return null;
  }
}

const stringPattern = /"(?:[^"\\]|\\.)*"/y;
const scalarPattern = /-?\d[\d.eE+-]*|true|false|null/y;

/** The scalar fields of the outer object, as far as a cut-off JSON text has them; ends at the first cut-off value. */
function outerFields(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  let at = skip(text, 0, /\s*\{/y);
  while (at !== -1) {
    const key = match(text, skip(text, at, /[\s,]*/y), stringPattern);
    if (key === null) break;
    const start = skip(text, key.end, /\s*:\s*/y);
    if (start === -1) break;
    const scalar = match(text, start, stringPattern) ?? match(text, start, scalarPattern);
    if (scalar?.end === text.length) break;
    if (scalar !== null) fields.set(key.text.slice(1, -1), scalar.text);
    at = scalar === null ? skipNested(text, start) : scalar.end;
  }
  return fields;
}

function match(text: string, at: number, pattern: RegExp): { text: string; end: number } | null {
  if (at === -1) return null;
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  return found === null ? null : { text: found[0], end: pattern.lastIndex };
}

function skip(text: string, at: number, pattern: RegExp): number {
  return match(text, at, pattern)?.end ?? -1;
}

function skipNested(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const char = text[at];
    if (char === '"') {
      at = skip(text, at, stringPattern);
      if (at === -1) return -1;
      continue;
    }
    if (char === '{' || char === '[') depth += 1;
    if (char === '}' || char === ']') depth -= 1;
    at += 1;
    if (depth === 0) return at;
  }
  return -1;
}
