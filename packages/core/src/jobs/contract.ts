import type { z } from 'zod';
import type { Db } from '@switchboard/db';
import type { JobTypeState, SetAsideJob } from './schema.ts';

/** As much of a job type as is needed to ask for a job of it. */
export interface JobRequest<Schema extends z.ZodType> {
  readonly name: string;
  readonly version: number;
  readonly input: Schema;
}

/** Statements on the hub's own database, as far as jobs need them. */
export interface JobDatabase {
  /** Runs a text of SQL, which may hold several statements, on one connection. */
  run(text: string, values?: readonly unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
  /** Calls back with every message of a channel; `onListening` each time that it hears from now on. */
  listen(
    channel: string,
    onMessage: (text: string) => void,
    onListening?: () => void,
  ): Promise<{ stop(): Promise<void> }>;
}

/** Tries of one type that ended in one way. */
export interface JobTries {
  type: string;
  outcome: 'done' | 'failed' | 'set aside';
  count: number;
}

/** Work behind the scenes that is kept in the database until it is done. */
export interface Jobs {
  /**
   * Asks for a job by the caller's connection, so that a transaction that is undone takes it along. Gives its id; null
   * where one of a type that runs alone waits already.
   */
  send<Schema extends z.ZodType>(db: Db, type: JobRequest<Schema>, input: z.input<Schema>): Promise<string | null>;
  /** Why no job is run; null where they are. */
  trouble(): string | null;
  /** How many tries ended how, on this hub since its start. */
  tries(): JobTries[];
  /** Every type of job and how its jobs went, by name. */
  types(): Promise<JobTypeState[]>;
  /** The jobs that were set aside, the newest first. */
  setAside(): Promise<SetAsideJob[]>;
  /** The job that was set aside under this id. */
  findAside(id: string): Promise<SetAsideJob | null>;
  /** Puts a job that was set aside among those that wait; false where its type takes no second one now. */
  retry(db: Db, id: string): Promise<boolean>;
  /** Forgets a job that was set aside. */
  drop(db: Db, id: string): Promise<void>;
  /** Looks for jobs of a type now. */
  wake(name: string): void;
}
