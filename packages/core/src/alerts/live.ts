import { may } from '../access/require.ts';
import type { LiveRules } from '../live.ts';
import { seesAlertsOf } from './queries.ts';

export const alertLive: LiveRules<'alert.changed' | 'alert-rule.changed'> = {
  'alert.changed': { sees: (ctx, { serverId }) => seesAlertsOf(ctx, serverId), invalidates: ['alerts.list'] },
  'alert-rule.changed': { sees: (ctx) => may(ctx, 'alert.manage'), invalidates: ['alerts.rules'] },
};
