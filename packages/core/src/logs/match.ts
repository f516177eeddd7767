import { logLevels, type LogFilter, type LogRecord } from './schema.ts';

/** When a server may have written what belongs to a request or trace. */
export interface CallSpan {
  serverId: string;
  from: number;
  to: number;
}

/** Whether a record is asked for. */
export type Match = (record: LogRecord) => boolean;

function isIn(spans: readonly CallSpan[], { server, timestamp }: LogRecord): boolean {
  const at = Date.parse(timestamp);
  return spans.some(({ serverId, from, to }) => serverId === server && at >= from && at <= to);
}

function belongs({ requestId, traceId }: LogFilter, record: LogRecord): boolean {
  if (requestId !== undefined && record.requestId !== requestId) return false;
  return traceId === undefined || record.traceId === traceId;
}

function holds({ source, message, metadata }: LogRecord, text: string): boolean {
  if (message.toLowerCase().includes(text)) return true;
  return source !== 'server' && JSON.stringify(metadata).toLowerCase().includes(text);
}

/** Makes the question of a filter. `spans`: when the servers that a request called may have written of it. */
export function matching(filter: LogFilter, spans: readonly CallSpan[]): Match {
  const worst = filter.level === undefined ? logLevels.length - 1 : logLevels.indexOf(filter.level);
  const text = filter.search?.trim().toLowerCase() ?? '';
  const since = filter.since?.getTime() ?? -Infinity;
  const until = filter.until?.getTime() ?? Infinity;
  return (record) => {
    if (logLevels.indexOf(record.level) > worst) return false;
    if (filter.source && !filter.source.includes(record.source)) return false;
    if (filter.server !== undefined && record.server !== filter.server) return false;
    const at = Date.parse(record.timestamp);
    if (at < since || at >= until) return false;
    if (filter.requestId !== undefined || filter.traceId !== undefined) {
      if (!(record.source === 'server' ? isIn(spans, record) : belongs(filter, record))) return false;
    }
    return text === '' || holds(record, text);
  };
}
