import { z } from 'zod';
import { acknowledgeAlert, listAlerts } from '@switchboard/core/alerts';
import { AlertKind, AlertSeverity, type Alert } from '@switchboard/core/alerts/schema';
import { wholeNumber, wordOf } from '../kit/words.ts';
import { route } from './dialect.ts';
import { alerts } from './examples-access.ts';
import { iso, ok } from './map.ts';
import { envelope } from './wire.ts';

const moment = z.iso.datetime();

const HubAlert = z
  .object({
    id: z.string(),
    severity: AlertSeverity,
    message: z.string(),
    detail: z.string().nullable().meta({ description: 'More, for who may read the log of the server; else null' }),
    rule: z.object({ id: z.string(), name: z.string(), kind: AlertKind }),
    value: z.number().nullable().meta({ description: 'What was measured, in the unit of the kind' }),
    status: z.enum(['firing', 'acknowledged', 'resolved']),
    serverId: z.string().nullable().meta({ description: 'null: it is about the hub itself' }),
    since: moment,
    resolvedAt: moment.nullable().meta({ description: 'null: it is so still' }),
    acknowledgedBy: z.string().nullable().meta({ description: 'Username; null: nobody takes care of it' }),
  })
  .meta({ id: 'HubAlert' });

const HubAlerts = z.object({
  items: z.array(HubAlert).meta({ description: 'Newest first' }),
  nextCursor: z.string().nullable().meta({ description: '`cursor` of the next page; null: this is the last one' }),
});

function toHubAlert({
  id,
  severity,
  reason,
  detail,
  rule,
  value,
  serverId,
  ...alert
}: Alert): z.infer<typeof HubAlert> {
  return {
    id,
    severity,
    message: reason.text,
    detail,
    rule,
    value,
    status: alert.state === 'firing' && alert.acknowledged ? 'acknowledged' : alert.state,
    serverId,
    since: iso(alert.since),
    resolvedAt: alert.resolvedAt && iso(alert.resolvedAt),
    acknowledgedBy: alert.acknowledged?.by ?? null,
  };
}

const mostAlerts = 200;

export const list = route({
  method: 'GET',
  path: '/api/monitoring/alerts',
  summary: 'List alerts',
  description:
    'Alerts about servers that the caller sees, and for who may read the metrics those about the hub. The hub looks once ' +
    'a minute whether something is as an alert rule says.',
  beyond: true,
  verbs: [listAlerts],
  errors: [400, 401, 422, 429],
  example: { response: alerts.list },
})
  .input(
    z.object({
      status: wordOf(['open', 'resolved', 'all'], {})
        .default('open')
        .meta({ description: '`open`: those that are so now, acknowledged or not' }),
      severity: AlertSeverity.optional().meta({ description: 'Only those as bad as this' }),
      serverId: z.string().min(1).max(128).optional().meta({ description: 'Only those about this server' }),
      limit: wholeNumber(1)
        .default(50)
        .meta({ description: `At most ${mostAlerts}; more counts as ${mostAlerts}` }),
      cursor: z.string().max(200).optional().meta({ description: '`nextCursor` of an earlier answer' }),
    }),
  )
  .output(envelope(HubAlerts))
  .query(async ({ ctx, input: { status, severity, serverId, limit, cursor } }) => {
    const { items, nextCursor } = await listAlerts(ctx.core, {
      state: status,
      limit: Math.min(limit, mostAlerts),
      ...(severity !== undefined && { severity }),
      ...(serverId !== undefined && { serverId }),
      ...(cursor !== undefined && { cursor }),
    });
    return ok({ items: items.map(toHubAlert), nextCursor });
  });

export const acknowledge = route({
  method: 'POST',
  path: '/api/monitoring/alerts/{alertId}/acknowledge',
  summary: 'Take care of an alert',
  description: 'Nobody is told of it again while it lasts. An alert that is over or acknowledged stays as it is.',
  beyond: true,
  verbs: [acknowledgeAlert],
  errors: [401, 403, 404, 422, 429],
  example: { response: alerts.one },
})
  .input(z.object({ alertId: z.string().min(1).max(128).meta({ description: 'Id of an alert' }) }))
  .output(envelope(HubAlert))
  .mutation(async ({ ctx, input }) => ok(toHubAlert(await acknowledgeAlert(ctx.core, { id: input.alertId }))));
