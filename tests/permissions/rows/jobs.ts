import { noJob, none } from './kit.ts';
import type { Rows } from './row.ts';

export const trpc: Rows = {
  'jobs.list': { circle: 'admins', say: none },
  'jobs.retry': { circle: 'admins', nowhere: true, say: () => ({ input: { id: noJob } }) },
  'jobs.drop': { circle: 'admins', nowhere: true, say: () => ({ input: { id: noJob } }) },
};

export const rest: Rows = {
  'hub.jobs.list': { circle: 'admins', say: none },
  'hub.jobs.retry': { circle: 'admins', nowhere: true, say: () => ({ params: { jobId: noJob } }) },
  'hub.jobs.drop': { circle: 'admins', nowhere: true, say: () => ({ params: { jobId: noJob } }) },
};
