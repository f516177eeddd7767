import { sql } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import { alertKindFacts, type AlertKind, type AlertSeverity } from './schema.ts';

interface Shipped {
  kind: AlertKind;
  name: string;
  severity: AlertSeverity;
  windowMinutes?: number;
  forMinutes?: number;
  /** Switched on from the start; default true. */
  enabled?: boolean;
}

/** What a hub looks at from its first start. */
const shipped: readonly Shipped[] = [
  { kind: 'server-failing', name: 'A server does not run', severity: 'critical', forMinutes: 2 },
  { kind: 'server-flapping', name: 'A server fails again and again', severity: 'warning', windowMinutes: 10 },
  { kind: 'error-rate', name: 'Many calls of a server fail', severity: 'warning', windowMinutes: 10 },
  { kind: 'slow-calls', name: 'Calls of a server are slow', severity: 'info', windowMinutes: 10, forMinutes: 5 },
  { kind: 'no-calls', name: 'Nobody calls a server any more', severity: 'info', windowMinutes: 60, enabled: false },
  { kind: 'tools-changed', name: 'A server changed its tools', severity: 'warning', windowMinutes: 60 },
  { kind: 'disk-space', name: 'The disk is nearly full', severity: 'critical' },
  { kind: 'database-away', name: 'The database was away', severity: 'warning', windowMinutes: 10 },
  { kind: 'jobs-failing', name: 'Jobs were set aside', severity: 'warning' },
  { kind: 'key-expiring', name: 'An API key expires soon', severity: 'info' },
];

/** Puts in the rules that a hub comes with, once each; what was changed of them stays. */
export async function shipAlertRules(db: Db): Promise<void> {
  const rows = shipped.map(({ kind, name, severity, windowMinutes = 5, forMinutes = 0, enabled = true }) => ({
    id: kind,
    name,
    kind,
    enabled,
    severity,
    threshold: alertKindFacts[kind].threshold?.usual ?? null,
    windowMinutes,
    forMinutes,
    shipped: true,
  }));
  await db
    .insert(tables.alertRules)
    .values(rows)
    .onConflictDoUpdate({ target: tables.alertRules.id, set: { shipped: sql`true` } });
}
