import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import type { JobRequest } from './contract.ts';

/** How long a job may take, how often it is tried, and when. */
export interface JobLimits {
  /** A try that takes longer is ended. */
  expireInSeconds: number;
  /** A hub that was killed is missed after this; at least 10. */
  heartbeatSeconds: number;
  /** Tries after the first one. */
  retryLimit: number;
  /** Before the second try; each later pause is about twice as long. */
  retryDelaySeconds: number;
  longestRetryDelaySeconds: number;
}

/** For work of seconds that hurries nobody. */
export const shortWork: JobLimits = {
  expireInSeconds: 300,
  heartbeatSeconds: 60,
  retryLimit: 5,
  retryDelaySeconds: 30,
  longestRetryDelaySeconds: 900,
};

/** A kind of work behind the scenes: what it is given, and what it does. One file each. */
export interface JobType<Schema extends z.ZodType = z.ZodType> extends JobRequest<Schema> {
  /** An id or little more: what it is about is read when it runs. */
  readonly input: Schema;
  /** Of the input; goes up with each change of the schema that stored inputs do not fit. */
  readonly version: number;
  /** By version: makes input of the next version of it. */
  readonly migrations?: Readonly<Record<number, (input: unknown) => unknown>>;
  readonly limits: JobLimits;
  /** One of this type at a time, on all hubs together; a second request while one waits is merged with it. */
  readonly alone?: boolean;
  /** How many one hub runs at once; default 1. */
  readonly atOnce?: number;
  /** When it runs without being asked. */
  readonly schedule?: {
    /** In UTC. */
    readonly cron: string;
    readonly input: z.input<Schema>;
    /** Also soon after each start of a hub. */
    readonly atStart?: boolean;
  };
  /** May run twice for one job: a hub that was killed did part of it. Ends soon after `ctx.signal` is aborted. */
  run(ctx: Ctx, input: z.output<Schema>): Promise<void>;
}

/** Checks that a file describes a job type, and keeps the type of its input. */
export function jobType<Schema extends z.ZodType>(type: JobType<Schema>): JobType<Schema> {
  return type;
}
