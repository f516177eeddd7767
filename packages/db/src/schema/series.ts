import {
  bigint,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
} from 'drizzle-orm/pg-core';
import { gaugeNames, seriesDimensions } from '../words.ts';

/** The dimensions of the counts: all, or one server, person and so on. */
export const seriesKeys = pgTable(
  'series_keys',
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    dimension: text({ enum: seriesDimensions }).notNull(),
    /** An id; of a tool `server/tool`; empty for everything. */
    value: text().notNull(),
  },
  (table) => [unique('series_keys_unique').on(table.dimension, table.value)],
);

/** Figures of calls and turns of models by time. A bucket without events has no row. */
export const series = pgTable(
  'series',
  {
    key: integer().notNull(),
    /** Minutes since 1970 where it begins. */
    bucket: integer().notNull(),
    /** Minutes that it lasts. */
    resolution: smallint().notNull(),
    /** Each says what it counts in its highest bits: zeros take no room. */
    counts: bigint({ mode: 'bigint' }).array().notNull(),
  },
  (table) => [primaryKey({ columns: [table.resolution, table.key, table.bucket] })],
);

/** Minutes whose records are not in the figures yet, each written in the transaction of its records. */
export const seriesChanges = pgTable(
  'series_changes',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    minute: integer().notNull(),
  },
  (table) => [index('series_changes_minute_index').on(table.minute)],
);

/**
 * The gauges of hubs, and of the programs of servers. A minute has a row for each hub, a longer bucket one for all
 * together.
 */
export const gaugeSeries = pgTable(
  'gauge_series',
  {
    gauge: text({ enum: gaugeNames }).notNull(),
    bucket: integer().notNull(),
    resolution: smallint().notNull(),
    /** Which process; empty for all together. */
    replica: text().notNull(),
    /** The server of the measured programs; empty for the hub itself. */
    server: text().notNull().default(''),
    count: integer().notNull(),
    sum: doublePrecision().notNull(),
    min: doublePrecision().notNull(),
    max: doublePrecision().notNull(),
  },
  (table) => [primaryKey({ columns: [table.resolution, table.server, table.gauge, table.bucket, table.replica] })],
);
