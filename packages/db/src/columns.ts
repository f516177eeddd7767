import { numeric, timestamp } from 'drizzle-orm/pg-core';

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

/** An amount of money in whatever the prices are in; sums stay exact. */
export function money() {
  return numeric({ precision: 20, scale: 9, mode: 'number' });
}
