import { logLevels, type LogLevel } from '@switchboard/core/logs/schema';

/** Whether a line of this level is as severe as the least one that is wanted. */
export function isAtLeast(level: LogLevel, least: LogLevel): boolean {
  return logLevels.indexOf(level) <= logLevels.indexOf(least);
}
