export type { Logged, Logs } from './contract.ts';
export { createHubLog, type HubLog } from './hub-log.ts';
export { mayReadLog, readLog } from './told.ts';
