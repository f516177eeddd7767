import { sql } from 'drizzle-orm';
import { boolean, doublePrecision, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { moment, timestamps } from '../columns.ts';
import { alertKinds, alertSeverities, alertStates } from '../words.ts';
import { users } from './access.ts';
import { servers } from './servers.ts';

/** The rules that alerts follow. */
export const alertRules = pgTable(
  'alert_rules',
  {
    id: text().primaryKey(),
    name: text().notNull(),
    kind: text({ enum: alertKinds }).notNull(),
    enabled: boolean().notNull(),
    severity: text({ enum: alertSeverities }).notNull(),
    /** Null: every server. */
    serverId: text().references(() => servers.id, { onDelete: 'cascade', onUpdate: 'cascade' }),
    /** In the unit of the kind; null where it has none. */
    threshold: doublePrecision(),
    /** How far back it looks. */
    windowMinutes: integer().notNull(),
    /** How long it has to be so. */
    forMinutes: integer().notNull(),
    /** No notifications between these times of day, critical alerts excepted. */
    quiet: jsonb().$type<{ from: string; until: string; timeZone: string }>(),
    /** It came with the hub, and cannot be removed. */
    shipped: boolean().notNull().default(false),
    ...timestamps(),
  },
  (table) => [index('alert_rules_server_index').on(table.serverId)],
);

/** That something is, or was, as a rule says. */
export const alerts = pgTable(
  'alerts',
  {
    id: text().primaryKey(),
    ruleId: text()
      .notNull()
      .references(() => alertRules.id, { onDelete: 'cascade' }),
    /** The subject: a server, a key, or empty for the hub itself. */
    subject: text().notNull(),
    serverId: text().references(() => servers.id, { onDelete: 'cascade', onUpdate: 'cascade' }),
    severity: text({ enum: alertSeverities }).notNull(),
    state: text({ enum: alertStates }).notNull(),
    reason: jsonb().$type<unknown>().notNull(),
    /** Only for who may read the server's log. */
    detail: text(),
    value: doublePrecision(),
    since: moment().notNull(),
    firedAt: moment(),
    resolvedAt: moment(),
    acknowledgedAt: moment(),
    acknowledgedBy: text().references(() => users.id, { onDelete: 'set null' }),
    acknowledgedName: text(),
    /** When the notification was sent, and the one about the end. */
    toldAt: moment(),
    toldResolvedAt: moment(),
  },
  (table) => [
    uniqueIndex('alerts_open_index')
      .on(table.ruleId, table.subject)
      .where(sql`${table.state} <> 'resolved'`),
    index('alerts_since_index').on(table.since, table.id),
    index('alerts_resolved_index').on(table.resolvedAt),
    index('alerts_server_index').on(table.serverId),
    index('alerts_acknowledged_index').on(table.acknowledgedBy),
  ],
);
