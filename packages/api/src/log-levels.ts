import type { LogLevel } from '@switchboard/mcp-runtime/types';

const severity: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

/** Whether a line of this level is as severe as the least one that is wanted. */
export function isAtLeast(level: LogLevel, least: LogLevel): boolean {
  return severity[level] >= severity[least];
}
