import { z } from 'zod';

/** Names a job that was set aside. */
export const ByJobId = z.object({ id: z.uuid() });

/** A type of job, and how its jobs went. */
export interface JobTypeState {
  /** `history.prune` */
  name: string;
  /** Cron, in UTC; null where its jobs are only asked for. */
  schedule: string | null;
  /** Jobs that wait, those for another try included. */
  waiting: number;
  running: number;
  /** The last job that ended: done or failed. */
  lastRun: { endedAt: Date; ok: boolean; durationMs: number } | null;
  nextRunAt: Date | null;
  /** The jobs that failed among those that ended in the last seven days. */
  failed: number;
  /** The last failure of those days, also where a later try succeeded. */
  lastError: string | null;
}

/** A job that nobody runs until somebody decides about it. */
export interface SetAsideJob {
  id: string;
  type: string;
  /** Why it was set aside. */
  reason: string;
  at: Date;
  /** When it was asked for. */
  askedAt: Date | null;
  /** How often it was tried. */
  tries: number;
  /** An id, or little more; null where it cannot be read. */
  input: unknown;
}

/** The jobs, for administrators. */
export interface JobsOverview {
  /** Why no job is run; null where they are. */
  trouble: string | null;
  types: JobTypeState[];
  /** The newest hundred. */
  setAside: SetAsideJob[];
}
