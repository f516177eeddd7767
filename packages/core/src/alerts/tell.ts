import { and, asc, eq, inArray, isNotNull, isNull, notInArray, or } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import type { Ctx } from '../context.ts';
import { notify } from '../notifications/notify.ts';
import { isQuiet } from './quiet.ts';
import { alertSeverities, type AlertSeverity } from './schema.ts';

const { alertRules, alerts } = tables;

/** Told in one message; the rest in the next. */
const mostTold = 200;
const mostLines = 20;

interface UnsentAlert {
  id: string;
  state: 'pending' | 'firing' | 'resolved';
  severity: AlertSeverity;
  reason: unknown;
  detail: string | null;
}

/** The rules whose notifications wait at the moment, except for critical alerts. */
async function quietRules({ db, clock }: Ctx): Promise<string[]> {
  const { id, quiet } = alertRules;
  const rows = await db.select({ id, quiet }).from(alertRules).where(isNotNull(quiet));
  return rows.filter((rule) => rule.quiet && isQuiet(rule.quiet, clock.now())).map((rule) => rule.id);
}

function textOf({ reason, detail }: UnsentAlert): string {
  const { text } = reason as Reason;
  return detail === null ? text : `${text} ${detail}`;
}

function badness({ severity }: UnsentAlert): number {
  return alertSeverities.indexOf(severity);
}

function worst(rows: readonly UnsentAlert[]): AlertSeverity {
  return alertSeverities[Math.max(...rows.map(badness))] ?? 'info';
}

function listOf(heading: string, rows: readonly UnsentAlert[]): string[] {
  if (rows.length === 0) return [];
  const sorted = rows.toSorted((left, right) => badness(right) - badness(left));
  const lines = sorted.slice(0, mostLines).map((row) => `- [${row.severity}] ${textOf(row)}`);
  const rest = rows.length - lines.length;
  return [heading, ...lines, ...(rest > 0 ? [`- and ${rest} more`] : []), ''];
}

function titleOf(began: readonly UnsentAlert[], over: readonly UnsentAlert[]): string {
  const [first] = [...began, ...over];
  if (began.length + over.length === 1 && first) {
    return `${began.length === 1 ? 'Alert' : 'Over'}: ${(first.reason as Reason).text}`;
  }
  const parts = [began.length > 0 && `${began.length} alerts`, over.length > 0 && `${over.length} over`];
  return parts.filter((part) => part !== false).join(', ');
}

/**
 * Queues one message about new alerts and about those that ended, in the transaction that `ctx.db` is. Quiet hours
 * delay alerts that are not critical.
 */
export async function tellAlerts(ctx: Ctx): Promise<void> {
  const { db, clock } = ctx;
  const now = new Date(clock.now());
  const { id, state, severity, reason, detail, toldAt, toldResolvedAt, acknowledgedAt } = alerts;
  const quiet = await quietRules(ctx);
  const due: UnsentAlert[] = await db
    .select({ id, state, severity, reason, detail })
    .from(alerts)
    .where(
      and(
        or(
          and(eq(state, 'firing'), isNull(toldAt), isNull(acknowledgedAt)),
          and(eq(state, 'resolved'), isNotNull(toldAt), isNull(toldResolvedAt)),
        ),
        quiet.length === 0 ? undefined : or(eq(severity, 'critical'), notInArray(alerts.ruleId, quiet)),
      ),
    )
    .orderBy(asc(alerts.since), asc(id))
    .limit(mostTold);
  const began = due.filter((row) => row.state === 'firing');
  const over = due.filter((row) => row.state === 'resolved');
  if (due.length === 0) return;
  const text = [...listOf('New:', began), ...listOf('Over:', over)].join('\n').trimEnd();
  await notify(ctx, {
    severity: began.length > 0 ? worst(began) : 'info',
    title: titleOf(began, over),
    text,
    link: '/ui/alerts',
    groupKey: 'alerts',
  });
  function ids(of: readonly UnsentAlert[]) {
    return of.map((row) => row.id);
  }
  if (began.length > 0)
    await db
      .update(alerts)
      .set({ toldAt: now })
      .where(inArray(id, ids(began)));
  if (over.length > 0)
    await db
      .update(alerts)
      .set({ toldResolvedAt: now })
      .where(inArray(id, ids(over)));
}
