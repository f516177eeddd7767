import type { JobType } from '../job-type.ts';
import { pruneHistoryJob } from './prune-history.ts';
import { pruneSessionsJob } from './prune-sessions.ts';
import { pruneTaskRoutesJob } from './prune-task-routes.ts';

/** Every type of job that the hub runs. */
export const jobTypes: readonly JobType[] = [pruneHistoryJob, pruneSessionsJob, pruneTaskRoutesJob];
