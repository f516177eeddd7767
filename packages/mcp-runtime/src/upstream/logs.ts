import type { LogLevel, LogLine } from '../types.ts';
import { createChangingMask } from './mask.ts';

export interface LogBufferOptions {
  serverId: string;
  /** Most lines kept. Default 2,000. */
  lines?: number;
  /** Most characters of text kept. Default one million. */
  bytes?: number;
  /** Longest line; more of it is cut. Default 8,192 characters. */
  lineLength?: number;
  now?: () => number;
  /** Values besides that are written as `***`; asked with each line. */
  unseen?: () => readonly string[];
  /** Told of each line as it is kept. */
  onLine?: (line: LogLine) => void;
}

export interface LogFilter {
  /** Lines of this level and worse. */
  level?: LogLevel;
  /** Lines at or after this time. */
  since?: number;
  until?: number;
  /** Lines after this cursor. */
  afterSeq?: number;
  /** The newest so many of them. */
  limit?: number;
}

export interface LogBuffer {
  append(level: LogLevel, source: LogLine['source'], message: string, instance?: string | null): LogLine;
  /** Oldest first. */
  list(filter?: LogFilter): LogLine[];
  /** Values that are written as `***` in lines from now on. */
  redact(values: Iterable<string>): void;
  clear(): void;
}

const severity: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

/** Keeps the newest log lines of one server; the oldest go first when there are too many or too long ones. */
export function createLogBuffer(options: LogBufferOptions): LogBuffer {
  const maxLines = options.lines ?? 2_000;
  const maxBytes = options.bytes ?? 1_000_000;
  const lineLength = options.lineLength ?? 8_192;
  const now = options.now ?? Date.now;
  const unseen = options.unseen ?? (() => []);
  let mask = createChangingMask([]);
  let kept: LogLine[] = [];
  let first = 0;
  let size = 0;
  let seq = 0;

  function drop() {
    while (first < kept.length - 1 && (kept.length - first > maxLines || size > maxBytes)) {
      size -= kept[first]?.message.length ?? 0;
      first += 1;
    }
    // Moving the rest only now and then keeps an append cheap.
    if (first > 256 && first * 2 > kept.length) {
      kept = kept.slice(first);
      first = 0;
    }
  }

  return {
    append: (level, source, message, instance = null) => {
      const text = mask(message, unseen(), lineLength);
      const line: LogLine = {
        seq: ++seq,
        serverId: options.serverId,
        time: now(),
        level,
        source,
        message: text,
        instance,
      };
      kept.push(line);
      size += text.length;
      drop();
      options.onLine?.(line);
      return line;
    },
    list: (filter = {}) => select(kept.slice(first), filter),
    redact: (values) => {
      mask = createChangingMask(values);
    },
    clear: () => {
      kept = [];
      first = 0;
      size = 0;
    },
  };
}

function select(lines: readonly LogLine[], filter: LogFilter): LogLine[] {
  const { level = 'debug', since = -Infinity, until = Infinity, afterSeq = -1, limit = Infinity } = filter;
  const found = lines.filter(
    (line) =>
      severity[line.level] >= severity[level] && line.time >= since && line.time <= until && line.seq > afterSeq,
  );
  return limit >= found.length ? found : found.slice(found.length - Math.max(0, limit));
}
