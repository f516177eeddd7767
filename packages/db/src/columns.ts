import { timestamp } from 'drizzle-orm/pg-core';

/** A point in time with milliseconds, as a Date. */
export function moment() {
  return timestamp({ withTimezone: true, precision: 3, mode: 'date' });
}

export function timestamps() {
  return {
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  };
}
