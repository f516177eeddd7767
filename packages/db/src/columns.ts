import { timestamp } from 'drizzle-orm/pg-core';

/** A point in time with milliseconds, as a Date. */
export const moment = () => timestamp({ withTimezone: true, precision: 3, mode: 'date' });

export const timestamps = () => ({
  createdAt: moment().notNull().defaultNow(),
  updatedAt: moment().notNull().defaultNow(),
});
