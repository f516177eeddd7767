import { Gauge, type Registry } from 'prom-client';
import type { JobTries } from '@switchboard/core/jobs';

export interface JobFigures {
  /** Why no job is run; null where they are. */
  trouble(): string | null;
  /** Tries by type and how they ended, since the start. */
  tries(): JobTries[];
}

/** The state of jobs, and their results on this hub. */
export function addJobGauges(registry: Registry, figures: JobFigures): void {
  const registers = [registry];
  void new Gauge({
    name: 'switchboard_jobs_up',
    help: '1 while jobs are run, 0 while their store fails',
    registers,
    collect() {
      this.set(figures.trouble() === null ? 1 : 0);
    },
  });
  // Counted elsewhere: a counter of this library can only be added to.
  void new Gauge({
    name: 'switchboard_job_tries_total',
    help: 'Tries of jobs by type and how they ended',
    labelNames: ['type', 'outcome'],
    registers,
    collect() {
      for (const { type, outcome, count } of figures.tries()) this.set({ type, outcome }, count);
    },
  });
}
