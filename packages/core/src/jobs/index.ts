export { dropJob, listJobs, retryJob } from './verbs.ts';
export type { JobTries } from './contract.ts';
