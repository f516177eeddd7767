import { asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { tables } from '@switchboard/db';
import { requireRight } from '../access/require.ts';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError, invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { newId } from '../secrets.ts';
import { absentServer, findServer } from '../servers/queries.ts';
import { verb } from '../verb.ts';
import { changedEvent, endAlertsOf } from './evaluate.ts';
import { queryAlerts, requireAlert } from './queries.ts';
import {
  alertKindFacts,
  ByAlertId,
  ByRuleId,
  ChangeAlertRule,
  CreateAlertRule,
  ListAlerts,
  type Alert,
  type AlertPage,
  type AlertRule,
} from './schema.ts';

const { alertRules, alerts } = tables;

export const listAlerts = verb(
  { name: 'alert.read', access: 'read', input: ListAlerts },
  (ctx, input): Promise<AlertPage> => queryAlerts(ctx, input),
);

export const getAlert = verb({ name: 'alert.read', access: 'read', input: ByAlertId }, (ctx, { id }) =>
  requireAlert(ctx, id),
);

/** Acknowledges an alert: no more notifications are sent about it. */
export const acknowledgeAlert = verb(
  { name: 'alert.acknowledge', access: 'write', input: ByAlertId },
  async (ctx, { id }): Promise<Alert> => {
    const alert = await requireAlert(ctx, id);
    if (!alert.can.acknowledge && alert.state === 'firing' && !alert.acknowledged) refuse(ctx, alert);
    if (alert.can.acknowledge) {
      const acknowledgedName = 'username' in ctx.actor ? ctx.actor.username : null;
      const by = { acknowledgedAt: new Date(ctx.clock.now()), acknowledgedBy: userIdOf(ctx.actor), acknowledgedName };
      await ctx.db.update(alerts).set(by).where(eq(alerts.id, id));
    }
    ctx.audit({ id, details: { rule: alert.rule.id, server: alert.serverId } });
    ctx.emit(changedEvent(alert));
    return requireAlert(ctx, id);
  },
);

function refuse(ctx: Ctx, { serverId }: Alert): void {
  const server = serverId === null ? null : ctx.hub.resourceOfServer(serverId);
  if (server) requireRight(ctx, 'server.operate', server);
  else requireRight(ctx, 'alert.manage');
}

/** The rules, those that came with the hub first. */
export const listAlertRules = verb(
  { name: 'alert.manage', access: 'read', input: z.object({}) },
  (ctx): Promise<AlertRule[]> =>
    ctx.db.select().from(alertRules).orderBy(asc(alertRules.createdAt), asc(alertRules.id)),
);

type Checked = Pick<AlertRule, 'kind' | 'serverId' | 'threshold' | 'windowMinutes' | 'forMinutes'>;

/** A field that the kind does not use is refused, so that nobody believes it has an effect. */
async function check(ctx: Ctx, { kind, serverId, threshold, windowMinutes, forMinutes }: Checked): Promise<void> {
  const { ofServers, threshold: bounds, isMomentary } = alertKindFacts[kind];
  if (isMomentary && forMinutes >= windowMinutes) {
    throw invalidField('forMinutes', say('forWithinWindow', { minutes: windowMinutes }));
  }
  if (serverId !== null && !ofServers) throw invalidField('serverId', say('kindTakesNoServer', { kind }));
  if (serverId !== null && !(await findServer(ctx, serverId))) throw absentServer(serverId);
  if (!bounds && threshold !== null) throw invalidField('threshold', say('thresholdOfNone', { kind }));
  if (!bounds) return;
  const { least, most } = bounds;
  if (threshold === null || threshold < least || threshold > most) {
    throw invalidField('threshold', say('thresholdOf', { least, most }));
  }
}

async function requireRule(ctx: Ctx, id: string): Promise<AlertRule> {
  const [row] = await ctx.db.select().from(alertRules).where(eq(alertRules.id, id));
  if (!row) throw new DomainError('not_found', say('noAlertRule', { id }), { value: id });
  return row;
}

export const createAlertRule = verb(
  { name: 'alert.manage', access: 'write', input: CreateAlertRule },
  async (ctx, input): Promise<AlertRule> => {
    const threshold = input.threshold ?? alertKindFacts[input.kind].threshold?.usual ?? null;
    await check(ctx, { ...input, threshold });
    const id = newId();
    await ctx.db.insert(alertRules).values({ ...input, threshold, id });
    ctx.audit({ id, details: { created: true, kind: input.kind, name: input.name } });
    ctx.emit({ type: 'alert-rule.changed', id });
    return requireRule(ctx, id);
  },
);

export const changeAlertRule = verb(
  { name: 'alert.manage', access: 'write', input: ChangeAlertRule },
  async (ctx, { id, ...change }): Promise<AlertRule> => {
    const before = await requireRule(ctx, id);
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    await check(ctx, { ...before, ...given });
    const set = { ...given, updatedAt: new Date(ctx.clock.now()) };
    await ctx.db.update(alertRules).set(set).where(eq(alertRules.id, id));
    // Open alerts were found by the rule as it was before.
    const isNarrower = change.enabled === false || (change.serverId ?? null) !== null;
    if (isNarrower) for (const event of await endAlertsOf(ctx, id)) ctx.emit(event);
    ctx.audit({ id, details: { changed: Object.keys(given) } });
    ctx.emit({ type: 'alert-rule.changed', id });
    return requireRule(ctx, id);
  },
);

export const removeAlertRule = verb(
  { name: 'alert.manage', access: 'write', input: ByRuleId },
  async (ctx, { id }): Promise<void> => {
    const { shipped, name } = await requireRule(ctx, id);
    if (shipped) throw new DomainError('precondition', say('shippedRuleStays'));
    await ctx.db.delete(alertRules).where(eq(alertRules.id, id));
    ctx.audit({ id, details: { removed: true, name } });
    ctx.emit({ type: 'alert-rule.changed', id });
  },
);
