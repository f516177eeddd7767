import { and, desc, eq, inArray, isNull, lt, ne, or, sql, type SQL } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { DomainError, invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import type { Alert, AlertPage, ListAlerts } from './schema.ts';

const { alertRules, alerts } = tables;

interface Row {
  alert: typeof alerts.$inferSelect;
  rule: Alert['rule'];
}

/** Whether the actor may know of alerts about this server, or about the hub itself. */
export function seesAlertsOf(ctx: Ctx, serverId: string | null): boolean {
  if (serverId === null) return may(ctx, 'metrics.read');
  const server = ctx.hub.resourceOfServer(serverId);
  return server !== null && may(ctx, 'server.read', server);
}

/** An alert can be acknowledged by everybody who may do something about it. */
export function mayAcknowledge(ctx: Ctx, serverId: string | null): boolean {
  if (!may(ctx, 'alert.acknowledge')) return false;
  if (serverId === null) return may(ctx, 'alert.manage');
  const server = ctx.hub.resourceOfServer(serverId);
  return server !== null && may(ctx, 'server.operate', server);
}

function mayReadDetail(ctx: Ctx, serverId: string | null): boolean {
  if (serverId === null) return true;
  const server = ctx.hub.resourceOfServer(serverId);
  return server !== null && may(ctx, 'server.logs', server);
}

function toAlert(ctx: Ctx, { alert, rule }: Row): Alert {
  const { id, severity, serverId, detail, value, since, firedAt, resolvedAt } = alert;
  return {
    id,
    rule,
    severity,
    state: alert.state === 'resolved' ? 'resolved' : 'firing',
    serverId,
    reason: alert.reason as Reason,
    detail: detail !== null && mayReadDetail(ctx, serverId) ? detail : null,
    value,
    since,
    firedAt: firedAt ?? since,
    resolvedAt,
    acknowledged: alert.acknowledgedAt && { at: alert.acknowledgedAt, by: alert.acknowledgedName },
    can: { acknowledge: alert.state === 'firing' && !alert.acknowledgedAt && mayAcknowledge(ctx, serverId) },
  };
}

function select({ db }: Ctx, where: SQL | undefined, limit: number): Promise<Row[]> {
  const { id, name, kind } = alertRules;
  return db
    .select({ alert: alerts, rule: { id, name, kind } })
    .from(alerts)
    .innerJoin(alertRules, eq(alertRules.id, alerts.ruleId))
    .where(and(ne(alerts.state, 'pending'), where))
    .orderBy(desc(alerts.since), desc(alerts.id))
    .limit(limit);
}

function after(cursor: string | undefined): SQL | undefined {
  if (cursor === undefined) return undefined;
  const match = /^(\d{1,14})_([\w-]{1,64})$/.exec(cursor);
  if (!match?.[1] || !match[2]) throw invalidField('cursor', say('notACursor'));
  const since = new Date(Number(match[1]));
  return or(lt(alerts.since, since), and(eq(alerts.since, since), lt(alerts.id, match[2])));
}

function ofState(state: ListAlerts['state']): SQL | undefined {
  if (state === 'all') return undefined;
  return eq(alerts.state, state === 'open' ? 'firing' : 'resolved');
}

/**
 * Limits alerts to those that the actor may read: about servers that it sees, and about the hub for readers of its
 * metrics.
 */
function seen(ctx: Ctx, ids: readonly string[]): SQL | undefined {
  const ofServers = ids.length === 0 ? sql`false` : inArray(alerts.serverId, [...ids]);
  return may(ctx, 'metrics.read') ? or(isNull(alerts.serverId), ofServers) : ofServers;
}

/** A page of alerts, newest first. */
export async function queryAlerts(ctx: Ctx, filter: ListAlerts): Promise<AlertPage> {
  const { state, severity, serverId, limit, cursor } = filter;
  const servers = await ctx.db.selectDistinct({ id: tables.servers.id }).from(tables.servers);
  const ids = servers.map(({ id }) => id).filter((id) => seesAlertsOf(ctx, id));
  const rows = await select(
    ctx,
    and(
      seen(ctx, ids),
      ofState(state),
      severity && eq(alerts.severity, severity),
      serverId === undefined ? undefined : eq(alerts.serverId, serverId),
      after(cursor),
    ),
    limit + 1,
  );
  const items = rows.slice(0, limit);
  const last = items.at(-1)?.alert;
  const nextCursor = rows.length > limit && last ? `${last.since.getTime()}_${last.id}` : null;
  return { items: items.map((row) => toAlert(ctx, row)), nextCursor };
}

/** One alert, absent for who may not know of it. */
export async function requireAlert(ctx: Ctx, id: string): Promise<Alert> {
  const [row] = await select(ctx, eq(alerts.id, id), 1);
  if (!row || !seesAlertsOf(ctx, row.alert.serverId)) {
    throw new DomainError('not_found', say('noAlert', { id }), { value: id });
  }
  return toAlert(ctx, row);
}
