import { sql } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import { alertKindFacts, type AlertKind, type AlertSeverity } from './schema.ts';

interface Shipped {
  kind: AlertKind;
  severity: AlertSeverity;
  windowMinutes?: number;
  forMinutes?: number;
  /** Switched on from the start; default true. */
  enabled?: boolean;
}

/** The rules that a hub has from its first start. */
const shipped: readonly Shipped[] = [
  { kind: 'server-failing', severity: 'critical', forMinutes: 2 },
  { kind: 'server-flapping', severity: 'warning', windowMinutes: 10 },
  { kind: 'error-rate', severity: 'warning', windowMinutes: 10 },
  { kind: 'slow-calls', severity: 'info', windowMinutes: 10, forMinutes: 5 },
  { kind: 'no-calls', severity: 'info', windowMinutes: 60, enabled: false },
  { kind: 'tools-changed', severity: 'warning', windowMinutes: 60 },
  { kind: 'disk-space', severity: 'critical' },
  { kind: 'database-away', severity: 'warning', windowMinutes: 10 },
  { kind: 'jobs-failing', severity: 'warning' },
  { kind: 'key-expiring', severity: 'info' },
  { kind: 'certificate-expiring', severity: 'warning' },
  { kind: 'sign-in-expiring', severity: 'warning' },
];

/** Puts in the rules that a hub comes with, once each; what was changed of them stays. */
export async function shipAlertRules(db: Db): Promise<void> {
  const rows = shipped.map(({ kind, severity, windowMinutes = 5, forMinutes = 0, enabled = true }) => ({
    id: kind,
    name: alertKindFacts[kind].name,
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
