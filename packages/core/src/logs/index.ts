export type { Logged } from './contract.ts';
export { createHubLog, type HubLog } from './hub-log.ts';
export { matching } from './match.ts';
export { spansOf } from './sources.ts';
export { mayReadLog, readLog } from './visible-records.ts';
export { listLog } from './verbs.ts';
