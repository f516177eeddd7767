export { exportAudit, getAudit, getRetention, listAudit, setRetention } from './verbs.ts';
