import {
  acknowledgeAlert,
  changeAlertRule,
  createAlertRule,
  listAlertRules,
  listAlerts,
  removeAlertRule,
} from '@switchboard/core/alerts';
import { ByAlertId, ByRuleId, ChangeAlertRule, CreateAlertRule, ListAlerts } from '@switchboard/core/alerts/schema';
import { authed, router } from '../trpc.ts';

export const alerts = router({
  list: authed.input(ListAlerts.prefault({})).query(({ ctx, input }) => listAlerts(ctx.core, input)),
  acknowledge: authed.input(ByAlertId).mutation(({ ctx, input }) => acknowledgeAlert(ctx.core, input)),
  rules: authed.query(({ ctx }) => listAlertRules(ctx.core, {})),
  createRule: authed.input(CreateAlertRule).mutation(({ ctx, input }) => createAlertRule(ctx.core, input)),
  changeRule: authed.input(ChangeAlertRule).mutation(({ ctx, input }) => changeAlertRule(ctx.core, input)),
  removeRule: authed.input(ByRuleId).mutation(({ ctx, input }) => removeAlertRule(ctx.core, input)),
});
