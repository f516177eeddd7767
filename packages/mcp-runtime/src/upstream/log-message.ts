import type { JsonObject, LogLevel } from '../types.ts';

/** The hub's levels by those of MCP; all others are errors. */
const logLevels: Record<string, LogLevel> = { debug: 'debug', info: 'info', notice: 'info', warning: 'warn' };

/** Reads the params of a server's `notifications/message`. */
export function readLogMessage(params: JsonObject): { level: LogLevel; text: string } {
  const named = params['level'];
  const level = typeof named === 'string' && Object.hasOwn(logLevels, named) ? logLevels[named] : undefined;
  const data = params['data'];
  return { level: level ?? 'error', text: typeof data === 'string' ? data : JSON.stringify(data ?? null) };
}
