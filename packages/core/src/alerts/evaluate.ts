import { and, eq, inArray, lt, ne, sql } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import type { Ctx } from '../context.ts';
import { messageOf } from '../errors.ts';
import type { DomainEvent } from '../events.ts';
import { newId } from '../secrets.ts';
import { looks, type Finding } from './kinds.ts';
import type { AlertRule } from './schema.ts';
import { tellAlerts } from './tell.ts';

const { alertRules, alerts } = tables;
type AlertRow = typeof alerts.$inferSelect;

/** Of one rule; the rest is found once these are over. */
const mostOpen = 200;
const longestDetail = 1_000;
const minuteMs = 60_000;
/** How long alerts that are over are kept. */
const keptMs = 90 * 86_400_000;

type Changed = Extract<DomainEvent, { type: 'alert.changed' }>;

export function changedEvent({ id, serverId }: Pick<AlertRow, 'id' | 'serverId'>): Changed {
  return { type: 'alert.changed', id, serverId };
}

interface Sync {
  db: Db;
  rule: AlertRule;
  now: Date;
}

function isDue({ rule, now }: Sync, since: Date): boolean {
  return now.getTime() - since.getTime() >= rule.forMinutes * minuteMs;
}

/** Stores the findings that were not open before. */
async function open(sync: Sync, found: readonly Finding[]): Promise<AlertRow[]> {
  if (found.length === 0) return [];
  const { db, rule, now } = sync;
  const fires = isDue(sync, now);
  const rows = found.map(({ subject, serverId, reason, detail, value }) => ({
    id: newId(),
    ruleId: rule.id,
    subject,
    serverId,
    severity: rule.severity,
    state: fires ? ('firing' as const) : ('pending' as const),
    reason,
    detail: detail?.slice(0, longestDetail) ?? null,
    value,
    since: now,
    firedAt: fires ? now : null,
  }));
  const inserted = await db.insert(alerts).values(rows).onConflictDoNothing().returning();
  return inserted.filter(({ state }) => state === 'firing');
}

/** Keeps what is still so as it is now. */
async function keep(sync: Sync, row: AlertRow, { reason, detail, value }: Finding): Promise<AlertRow[]> {
  const { db, now } = sync;
  const fires = row.state === 'pending' && isDue(sync, row.since);
  const changed = {
    reason,
    value,
    detail: detail?.slice(0, longestDetail) ?? null,
    ...(fires && { state: 'firing' as const, firedAt: now }),
  };
  await db.update(alerts).set(changed).where(eq(alerts.id, row.id));
  return fires ? [row] : [];
}

/** Ends what is not so any more; what never fired leaves no trace. */
async function end({ db, now }: Sync, rows: readonly AlertRow[]): Promise<AlertRow[]> {
  const pending = rows.filter(({ state }) => state === 'pending').map(({ id }) => id);
  const firing = rows.filter(({ state }) => state === 'firing');
  if (pending.length > 0) await db.delete(alerts).where(inArray(alerts.id, pending));
  if (firing.length > 0) {
    const ids = firing.map(({ id }) => id);
    await db.update(alerts).set({ state: 'resolved', resolvedAt: now }).where(inArray(alerts.id, ids));
  }
  return firing;
}

/** Makes the open alerts of a rule follow what was found; gives those that began or ended to fire. */
async function follow(sync: Sync, found: readonly Finding[]): Promise<AlertRow[]> {
  const rows = await sync.db
    .select()
    .from(alerts)
    .where(and(eq(alerts.ruleId, sync.rule.id), ne(alerts.state, 'resolved')));
  const bySubject = new Map(found.map((each) => [each.subject, each]));
  const changed = await end(
    sync,
    rows.filter(({ subject }) => !bySubject.has(subject)),
  );
  for (const row of rows) {
    const still = bySubject.get(row.subject);
    if (still) changed.push(...(await keep(sync, row, still)));
  }
  const known = new Set(rows.map(({ subject }) => subject));
  const room = Math.max(0, mostOpen - rows.length);
  const fresh = [...bySubject.values()].filter(({ subject }) => !known.has(subject));
  return [...changed, ...(await open(sync, fresh.slice(0, room)))];
}

/** Ends the open alerts of a rule, for example when it is disabled; no notification is sent about that. */
export async function endAlertsOf(ctx: Pick<Ctx, 'db' | 'clock'>, ruleId: string): Promise<Changed[]> {
  const now = new Date(ctx.clock.now());
  const rows = await ctx.db
    .update(alerts)
    .set({ state: 'resolved', resolvedAt: now, toldResolvedAt: now })
    .where(and(eq(alerts.ruleId, ruleId), ne(alerts.state, 'resolved')))
    .returning();
  return rows.map(changedEvent);
}

/**
 * The findings, without those of rules that were changed or removed and of servers that were removed during the check.
 * The rows stay locked until the findings are stored.
 */
async function stillThere(db: Db, found: ReadonlyMap<AlertRule, Finding[]>): Promise<[AlertRule, Finding[]][]> {
  const { id, updatedAt } = alertRules;
  const rules = await db.select({ id, updatedAt }).from(alertRules).where(eq(alertRules.enabled, true)).for('share');
  const current = new Map(rules.map((rule) => [rule.id, rule.updatedAt.getTime()]));
  const named = [...found.values()].flat().flatMap(({ serverId }) => serverId ?? []);
  const { servers } = tables;
  const kept = await db
    .select({ id: servers.id })
    .from(servers)
    .where(inArray(servers.id, [...new Set(named), '']))
    .for('key share');
  const there = new Set(kept.map((server) => server.id));
  return [...found]
    .filter(([rule]) => current.get(rule.id) === rule.updatedAt.getTime())
    .map(([rule, each]) => [rule, each.filter(({ serverId }) => serverId === null || there.has(serverId))]);
}

/** Checks every rule, stores alerts that began or ended, and queues the notifications. */
export async function evaluateAlerts(ctx: Ctx): Promise<void> {
  const rules = await ctx.db.select().from(alertRules).where(eq(alertRules.enabled, true));
  const found = new Map<AlertRule, Finding[]>();
  for (const rule of rules) {
    if (ctx.signal.aborted) return;
    try {
      found.set(rule, await looks[rule.kind](ctx, rule));
    } catch (error) {
      // A rule that cannot be checked keeps its findings.
      ctx.log.warn({ rule: rule.id, error: messageOf(error) }, 'An alert rule could not be looked at');
    }
  }
  const now = new Date(ctx.clock.now());
  const events = await ctx.db.transaction(async (db) => {
    // One hub at a time: two would each open what the other opens.
    await db.execute(sql`select pg_advisory_xact_lock(hashtextextended('alerts', 0))`);
    const changed: AlertRow[] = [];
    for (const [rule, each] of await stillThere(db, found)) changed.push(...(await follow({ db, rule, now }, each)));
    await db.delete(alerts).where(lt(alerts.resolvedAt, new Date(now.getTime() - keptMs)));
    await tellAlerts({ ...ctx, db });
    return changed.map(changedEvent);
  });
  for (const event of events) ctx.events.emit(event);
  if (events.length > 0) await ctx.hub.tellReplicas(events);
}
