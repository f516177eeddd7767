import { isDatabaseAway as isAway } from '@switchboard/db';
import { DomainError, isDomainError, messageOf } from './errors.ts';
import type { Log } from './ports.ts';
import { say } from './reasons.ts';

/** Seconds after which a retry makes sense: a database that only restarts is back by then. */
const retryAfterSeconds = 2;

/** The error for a database that is away; `details.database` tells it from other failures of the same code. */
function toDomainError(cause: unknown): DomainError {
  return new DomainError('unavailable', say('databaseAway'), { database: 'away', retryAfterSeconds }, { cause });
}

/** Converts the error of a failed query where the database is away; other errors are returned as they are. */
export function fromDatabase(error: unknown): unknown {
  return isAway(error) ? toDomainError(error) : error;
}

/** Whether the domain refuses because the database is away. */
export function isDatabaseAway(error: unknown): boolean {
  return isDomainError(error) && error.details?.['database'] === 'away';
}

/** Writes down that work behind the scenes failed; not while the database is away, which is written down once. */
export function tellFailure(
  log: Log,
  level: 'debug' | 'warn' | 'error',
  error: unknown,
  message: string,
  fields: object = {},
): void {
  if (!isAway(error)) log[level]({ ...fields, error: messageOf(error) }, message);
}
