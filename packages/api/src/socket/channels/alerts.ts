import { z } from 'zod';
import { may, requireRight } from '@switchboard/core/access';
import { getAlert, listAlerts } from '@switchboard/core/alerts';
import { AlertSeverity, type Alert } from '@switchboard/core/alerts/schema';
import { channelOf } from '../channel.ts';
import { ServerIds } from '../filters.ts';
import type { ChannelEvent } from '../outbox.ts';

const Asked = z.strictObject({
  filters: z
    .strictObject({ serverId: ServerIds.optional(), severity: z.array(AlertSeverity).min(1).optional() })
    .optional(),
});

const mostOpen = 200;

function told(alert: Alert, snapshot?: true): ChannelEvent {
  const { id, severity, reason, detail, rule, value, serverId, acknowledged, since, resolvedAt } = alert;
  const data = {
    id,
    severity,
    message: reason.text,
    detail,
    rule: rule.name,
    value,
    status: acknowledged && alert.state === 'firing' ? 'acknowledged' : alert.state,
    serverId,
    since: since.toISOString(),
  };
  return { data, at: (resolvedAt ?? acknowledged?.at ?? since).getTime(), ...(snapshot && { snapshot }) };
}

/** Alerts that begin, end or are acknowledged, and first those that are open. */
export const alerts = channelOf(Asked, (core, { filters: { serverId, severity } = {} }) => {
  function isWanted(alert: Pick<Alert, 'serverId' | 'severity'>): boolean {
    const isAbout = serverId === undefined || (alert.serverId !== null && serverId.includes(alert.serverId));
    return isAbout && (severity?.includes(alert.severity) ?? true);
  }
  return {
    admit: () => requireRight(core, 'alert.read'),
    mayStill: () => may(core, 'alert.read'),
    async follow(push) {
      // Before the list is read, so that changes meanwhile are sent too.
      const stop = core.events.subscribe((event) => {
        if (event.type !== 'alert.changed') return;
        push(async () => {
          // No caller made this request: an alert that the caller may not know is left out.
          const alert = await getAlert({ ...core, way: null }, { id: event.id }).catch(() => null);
          return alert && isWanted(alert) ? told(alert) : null;
        });
      });
      try {
        const { items } = await listAlerts(core, { state: 'open', limit: mostOpen });
        for (const alert of items.filter(isWanted).toReversed()) push(() => told(alert, true));
        return stop;
      } catch (error) {
        stop();
        throw error;
      }
    },
  };
});
