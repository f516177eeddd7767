import { statfs } from 'node:fs/promises';
import { and, eq, exists, gt, gte, isNotNull, lt, sql } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import type { Ctx } from '../context.ts';
import { say } from '../reasons.ts';
import { loadServers } from '../servers/queries.ts';
import { serverStateOf } from '../servers/state.ts';
import { statusOf } from '../servers/view.ts';
import { loadSharedGrants } from '../sign-ins/store.ts';
import type { AlertKind, AlertRule } from './schema.ts';

const { apiKeys, callRecords, users } = tables;

/** Something that is as a rule says. */
export interface Finding {
  /** The subject of the alert, equal for every finding of the same thing; empty for the hub itself. */
  subject: string;
  serverId: string | null;
  reason: Reason;
  detail?: string | null;
  value: number | null;
}

type Look = (ctx: Ctx, rule: AlertRule) => Promise<Finding[]> | Finding[];

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** With fewer calls a share of them says little. */
const fewestCalls = 10;

function since(ctx: Ctx, { windowMinutes }: AlertRule): number {
  return ctx.clock.now() - windowMinutes * minuteMs;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The servers that a rule is about and that are switched on. */
async function serversOf(ctx: Ctx, { serverId }: AlertRule) {
  const rows = await loadServers(ctx.db);
  return rows.filter((row) => row.desired === 'on' && (serverId ?? row.id) === row.id);
}

async function failing(ctx: Ctx, rule: AlertRule): Promise<Finding[]> {
  return (await serversOf(ctx, rule)).flatMap((row) => {
    const status = statusOf(ctx, row);
    if (serverStateOf(row.desired, status) !== 'error') return [];
    const reason = say('alertServerFails', { server: row.id });
    return [{ subject: row.id, serverId: row.id, reason, detail: status.error, value: status.failures }];
  });
}

async function flapping(ctx: Ctx, rule: AlertRule): Promise<Finding[]> {
  return (await serversOf(ctx, rule)).flatMap(({ id }) => {
    const count = ctx.alerts.failuresSince(id, since(ctx, rule));
    if (count < (rule.threshold ?? 0)) return [];
    const reason = say('alertServerFlaps', { server: id, count, minutes: rule.windowMinutes });
    return [{ subject: id, serverId: id, reason, value: count }];
  });
}

interface Calls {
  server: string;
  count: number;
  failed: number;
  p95: number;
}

/** Calls of the time a rule looks back over, by server. */
async function callsOf(ctx: Ctx, rule: AlertRule): Promise<Calls[]> {
  await ctx.hub.flushCalls();
  const { serverId, startedAt, outcome, durationMs } = callRecords;
  const rows = await ctx.db
    .select({
      server: serverId,
      count: sql<number>`count(*)::integer`,
      failed: sql<number>`(count(*) filter (where ${outcome} in ('error', 'timeout')))::integer`,
      p95: sql<number>`percentile_cont(0.95) within group (order by ${durationMs})`,
    })
    .from(callRecords)
    .where(
      and(
        gte(startedAt, new Date(since(ctx, rule))),
        isNotNull(serverId),
        rule.serverId === null ? undefined : eq(serverId, rule.serverId),
      ),
    )
    .groupBy(serverId);
  const known = new Set((await serversOf(ctx, rule)).map(({ id }) => id));
  return rows.flatMap((row) => (row.server !== null && known.has(row.server) ? [{ ...row, server: row.server }] : []));
}

async function errorRate(ctx: Ctx, rule: AlertRule): Promise<Finding[]> {
  return (await callsOf(ctx, rule)).flatMap(({ server, count, failed }) => {
    const percent = (failed / count) * 100;
    if (count < fewestCalls || percent < (rule.threshold ?? 100)) return [];
    const told = { server, percent: rounded(percent), count, minutes: rule.windowMinutes };
    return [{ subject: server, serverId: server, reason: say('alertErrorRate', told), value: rounded(percent) }];
  });
}

async function slowCalls(ctx: Ctx, rule: AlertRule): Promise<Finding[]> {
  return (await callsOf(ctx, rule)).flatMap(({ server, count, p95 }) => {
    if (count < fewestCalls || p95 < (rule.threshold ?? Infinity)) return [];
    const ms = Math.round(p95);
    const reason = say('alertSlowCalls', { server, ms, minutes: rule.windowMinutes });
    return [{ subject: server, serverId: server, reason, value: ms }];
  });
}

async function calledSince({ db }: Ctx, from: number): Promise<Set<string>> {
  const { serverId, startedAt } = callRecords;
  const { id } = tables.servers;
  const called = db
    .select({ one: sql`1` })
    .from(callRecords)
    .where(and(eq(serverId, id), gte(startedAt, new Date(from))));
  const rows = await db.select({ id }).from(tables.servers).where(exists(called));
  return new Set(rows.map((row) => row.id));
}

/** Servers that were called within a day, and not in the time that the rule looks back over. */
async function noCalls(ctx: Ctx, rule: AlertRule): Promise<Finding[]> {
  await ctx.hub.flushCalls();
  const from = since(ctx, rule);
  const [recent, known] = await Promise.all([calledSince(ctx, from), calledSince(ctx, from - dayMs)]);
  return (await serversOf(ctx, rule)).flatMap(({ id }) => {
    if (recent.has(id) || !known.has(id)) return [];
    const reason = say('alertCallsStopped', { server: id, minutes: rule.windowMinutes });
    return [{ subject: id, serverId: id, reason, value: 0 }];
  });
}

const mostNamed = 5;

async function toolsChanged(ctx: Ctx, rule: AlertRule): Promise<Finding[]> {
  return (await serversOf(ctx, rule)).flatMap(({ id }) => {
    const names = ctx.alerts.changedToolsSince(id, since(ctx, rule));
    if (names.length === 0) return [];
    const rest = names.length > mostNamed ? ', …' : '';
    const tools = names.slice(0, mostNamed).join(', ') + rest;
    return [
      { subject: id, serverId: id, reason: say('alertToolsChanged', { server: id, tools }), value: names.length },
    ];
  });
}

async function diskSpace(ctx: Ctx, rule: AlertRule): Promise<Finding[]> {
  if (ctx.policy.dataDir === undefined) return [];
  const { bavail, blocks } = await statfs(ctx.policy.dataDir);
  const percent = blocks === 0 ? 100 : rounded((bavail / blocks) * 100);
  if (percent >= (rule.threshold ?? 0)) return [];
  return [{ subject: '', serverId: null, reason: say('alertDiskSpace', { percent }), value: percent }];
}

function databaseAway(ctx: Ctx, rule: AlertRule): Finding[] {
  const ms = ctx.alerts.databaseAwaySince(since(ctx, rule));
  if (ms === null) return [];
  const seconds = rounded(ms / 1000);
  return [{ subject: '', serverId: null, reason: say('alertDatabaseAway', { seconds }), value: seconds }];
}

/** Jobs that nobody runs until a person decides about them. */
async function jobsFailing(ctx: Ctx): Promise<Finding[]> {
  const aside = await ctx.jobs.setAside();
  if (aside.length === 0) return [];
  const types = [...new Set(aside.map(({ type }) => type))].slice(0, mostNamed).join(', ');
  const reason = say('alertJobsFailing', { count: aside.length, types });
  return [{ subject: '', serverId: null, reason, value: aside.length }];
}

async function keyExpiring(ctx: Ctx, rule: AlertRule): Promise<Finding[]> {
  const now = new Date(ctx.clock.now());
  const soon = new Date(now.getTime() + (rule.threshold ?? 0) * dayMs);
  const rows = await ctx.db
    .select({ id: apiKeys.id, name: apiKeys.name, expiresAt: apiKeys.expiresAt, person: users.username })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .where(and(gt(apiKeys.expiresAt, now), lt(apiKeys.expiresAt, soon)));
  return rows.map(({ id, name, expiresAt, person }) => {
    const days = Math.ceil(((expiresAt?.getTime() ?? 0) - now.getTime()) / dayMs);
    return {
      subject: `key:${id}`,
      serverId: null,
      reason: say('alertKeyExpires', { key: name, person, days }),
      value: days,
    };
  });
}

/** Certificates that remote servers showed this hub; one that has expired already is a server that fails. */
async function certificateExpiring(ctx: Ctx, rule: AlertRule): Promise<Finding[]> {
  const now = ctx.clock.now();
  return (await serversOf(ctx, rule)).flatMap(({ id }) => {
    const end = ctx.hub.runtime.certificateExpiry(id);
    if (end === null || end > now + (rule.threshold ?? 0) * dayMs) return [];
    const days = Math.max(0, Math.ceil((end - now) / dayMs));
    const reason = say('alertCertificateExpires', { server: id, days });
    return [{ subject: id, serverId: id, reason, value: days }];
  });
}

/**
 * Sign-ins that everybody uses and that no refresh token prolongs. A token that lives for hours only is left out: the
 * alert would never end.
 */
async function signInExpiring(ctx: Ctx, rule: AlertRule): Promise<Finding[]> {
  const now = ctx.clock.now();
  const end = now + (rule.threshold ?? 0) * dayMs;
  const ids = (await serversOf(ctx, rule)).map(({ id }) => id);
  return (await loadSharedGrants(ctx, ids)).flatMap(({ row, grant: { expiresAt, refreshToken } }) => {
    if (expiresAt === null || expiresAt > end || refreshToken !== null) return [];
    if (expiresAt - row.refreshedAt.getTime() < dayMs) return [];
    const id = row.serverId;
    const days = Math.max(0, Math.ceil((expiresAt - now) / dayMs));
    return [{ subject: id, serverId: id, reason: say('alertSignInExpires', { server: id, days }), value: days }];
  });
}

/** The check of each kind of rule. */
export const looks: Readonly<Record<AlertKind, Look>> = {
  'server-failing': failing,
  'server-flapping': flapping,
  'error-rate': errorRate,
  'slow-calls': slowCalls,
  'no-calls': noCalls,
  'tools-changed': toolsChanged,
  'disk-space': diskSpace,
  'database-away': databaseAway,
  'jobs-failing': jobsFailing,
  'key-expiring': keyExpiring,
  'certificate-expiring': certificateExpiring,
  'sign-in-expiring': signInExpiring,
};
