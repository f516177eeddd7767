import type { JobWithMetadata } from 'pg-boss';
import { reasonOf } from '@switchboard/db';
import type { Ctx } from '../context.ts';
import { tellFailure } from '../database-away.ts';
import { isDomainError } from '../errors.ts';
import type { Log } from '../ports.ts';
import { storable } from '../storable.ts';
import { readInput } from './envelope.ts';
import type { JobType } from './job-type.ts';

/** How a try of a job went, for the store. */
export type Outcome = { status: 'completed' } | { status: 'failed' | 'deadletter'; output: { reason: string } };

export interface Execution {
  log: Log;
  /** A context of the hub itself for one job. */
  contextOf(job: string, signal: AbortSignal): Ctx;
}

const longestReason = 2_000;

function giveUp(status: 'failed' | 'deadletter', reason: string): Outcome {
  return {
    status,
    output: { reason: storable(reason, longestReason) },
  };
}

/** Tries a job once. Invalid input sets it aside at once; a failure is retried within the limits of its type. */
export async function execute(type: JobType, job: JobWithMetadata, { log, contextOf }: Execution): Promise<Outcome> {
  const read = readInput(type, job.data);
  const fields = { job: type.name, id: job.id, try: job.retryCount + 1 };
  if (!read.ok) {
    log.warn({ ...fields, reason: read.reason }, read.later ? 'A job waits for a newer hub' : 'A job was set aside');
    return giveUp(read.later ? 'failed' : 'deadletter', read.reason);
  }
  try {
    await type.run(contextOf(type.name, job.signal), read.input);
    return { status: 'completed' };
  } catch (error) {
    tellFailure(log, 'warn', error, 'A job failed', fields);
    return giveUp('failed', isDomainError(error) ? error.message : reasonOf(error));
  }
}

/** A job of another version of the hub has this long to be taken by such a hub. */
const graceMs = 5 * 60_000;

/** The outcome of a job whose type this hub does not know. */
export function executeUnknown(name: string, job: JobWithMetadata, log: Log, now = Date.now()): Outcome {
  const reason = `This hub knows no jobs of the type ${name}: another version of it asked for this one.`;
  const isOld = now - job.createdOn.getTime() > graceMs;
  if (isOld) log.warn({ job: name, id: job.id }, 'A job of an unknown type was set aside');
  return giveUp(isOld ? 'deadletter' : 'failed', reason);
}
