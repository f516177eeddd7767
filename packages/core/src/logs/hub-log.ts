import { withoutTokens } from '../secrecy.ts';
import type { LogLevel } from './schema.ts';

/** One line of the hub's own log. */
export interface HubLine {
  /** Apart from all others, those of earlier starts included; a later one is greater. */
  id: string;
  /** Epoch milliseconds. */
  time: number;
  level: LogLevel;
  message: string;
  fields: Readonly<Record<string, unknown>>;
}

/** Keeps the newest lines of the hub's own log in memory. */
export interface HubLog {
  /** Takes a line of JSON, as the logger writes it. */
  write(this: void, line: string): void;
  /** Oldest first. */
  lines(this: void): readonly HubLine[];
  subscribe(this: void, listener: (line: HubLine) => void): () => void;
}

export interface HubLogOptions {
  /** Most lines kept. Default 5,000. */
  most?: number;
  /** Most characters kept. Default four million. */
  mostCharacters?: number;
  now?: () => number;
}

const longestMessage = 8_192;
/** Characters of the fields of one line, as JSON. */
const longestFields = 8_192;
/** A stack of an error may be long; what is longer is read no further. */
const longestLine = 1_000_000;
const mask = '***';
/** The levels of the fields of one line; deeper values are left out. */
const deepest = 20;
const cutMark = '…';

/** Fields of every line that the record has itself. */
const told = new Set(['level', 'time', 'pid', 'hostname', 'msg', 'name']);

/** The level for a number of the logger: lower ones count as `debug`, higher ones as `error`. */
function levelOf(value: unknown): LogLevel {
  const number = typeof value === 'number' ? value : 30;
  if (number >= 50) return 'error';
  if (number >= 40) return 'warn';
  return number >= 30 ? 'info' : 'debug';
}

function parse(line: string): Record<string, unknown> {
  if (line.length > longestLine) return { msg: line.slice(0, longestMessage) };
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : { msg: line };
  } catch {
    return { msg: line };
  }
}

/** A value with masked credentials. In JSON, the `n` of an escaped line break would touch a credential and hide it. */
function masked(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return withoutTokens(value, mask);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === deepest) return cutMark;
  if (Array.isArray(value)) return value.map((item) => masked(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [withoutTokens(name, mask), masked(item, depth + 1)]),
  );
}

function fieldsOf(entry: Readonly<Record<string, unknown>>): HubLine['fields'] {
  const fields = Object.fromEntries(Object.entries(entry).filter(([name]) => !told.has(name)));
  const text = JSON.stringify(masked(fields, 0));
  if (text.length > longestFields) return { cut: text.slice(0, longestFields) };
  return JSON.parse(text) as HubLine['fields'];
}

/** Makes the memory of a hub's own log, which has a bounded number of lines of bounded length. */
export function createHubLog(options: HubLogOptions = {}): HubLog {
  const { most = 5_000, mostCharacters = 4_000_000, now = Date.now } = options;
  const listeners = new Set<(line: HubLine) => void>();
  const start = now().toString(36).padStart(9, '0');
  let kept: { line: HubLine; size: number }[] = [];
  let first = 0;
  let size = 0;
  let count = 0;

  function drop() {
    while (first < kept.length - 1 && (kept.length - first > most || size > mostCharacters)) {
      size -= kept[first]?.size ?? 0;
      first += 1;
    }
    // Moving the rest only now and then keeps a line cheap.
    if (first > 256 && first * 2 > kept.length) {
      kept = kept.slice(first);
      first = 0;
    }
  }

  function toLine(text: string): HubLine {
    const entry = parse(text);
    const message = typeof entry['msg'] === 'string' ? entry['msg'] : '';
    const time = typeof entry['time'] === 'number' ? entry['time'] : now();
    return {
      id: `${start}${(count += 1).toString(36).padStart(7, '0')}`,
      time,
      level: levelOf(entry['level']),
      message: withoutTokens(message, mask).slice(0, longestMessage),
      fields: fieldsOf(entry),
    };
  }

  return {
    write(text) {
      const line = toLine(text);
      const taken = line.message.length + Math.min(text.length, longestFields);
      kept.push({ line, size: taken });
      size += taken;
      drop();
      for (const listener of listeners) listener(line);
    },
    lines: () => kept.slice(first).map(({ line }) => line),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
