import { isMoment } from '../audit/trail.ts';
import { invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { logSources, type LogRecord, type LogSource } from './schema.ts';

/**
 * The position of a record: the newest first, within one moment by source, within a source by `key`, greatest first.
 */
export interface LogPosition {
  at: number;
  source: LogSource;
  key: string;
}

/** A record and its place. */
export interface PositionedRecord {
  place: LogPosition;
  record: LogRecord;
}

function rankOf(source: LogSource): number {
  return logSources.indexOf(source);
}

/** Order by moment and source alone: what the database has within one moment of one source is in its own order. */
export function newer(a: LogPosition, b: LogPosition): number {
  return b.at - a.at || rankOf(a.source) - rankOf(b.source);
}

/** The whole order, for what is kept in memory. */
export function newerByKey(a: LogPosition, b: LogPosition): number {
  return newer(a, b) || (a.key < b.key ? 1 : a.key > b.key ? -1 : 0);
}

export function cursorOf({ at, source, key }: LogPosition): string {
  return `${at}_${source}_${key}`;
}

/** The position of a page; null for the newest record. */
export function placeOf(cursor: string | undefined): LogPosition | null {
  if (cursor === undefined) return null;
  const [time = '', word = '', ...rest] = cursor.split('_');
  const source = logSources.find((known) => known === word);
  const key = rest.join('_');
  const isKey = source !== 'audit' || /^\d{1,15}$/.test(key);
  if (!isMoment(time) || source === undefined || !isKey) throw invalidField('cursor', say('notACursor'));
  return { at: Number(time), source, key };
}

/** Whether records of a source at the same moment come after a place. */
export function isBefore(place: LogPosition, source: LogSource): boolean {
  return rankOf(place.source) < rankOf(source);
}
