export {
  acknowledgeAlert,
  changeAlertRule,
  createAlertRule,
  getAlert,
  listAlertRules,
  listAlerts,
  removeAlertRule,
} from './verbs.ts';
