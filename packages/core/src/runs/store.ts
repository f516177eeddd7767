import type { KeptRun, RunEntry } from './contract.ts';

export type StoredEntry = RunEntry & { seq: number };

/**
 * The store of runs that outlive the process. One writer for each run calls it, in order; a failed call is repeated
 * with newer entries, so entries whose position is stored already are left out.
 */
export interface RunStore {
  begin(run: KeptRun): Promise<void>;
  /** Nothing is stored where the run was taken over since this epoch. */
  append(id: string, entries: readonly StoredEntry[], epoch: number): Promise<void>;
  /** Stores the result, after the last entries. */
  end(run: KeptRun): Promise<void>;
  load(id: string): Promise<{ kept: KeptRun; entries: readonly StoredEntry[] } | null>;
  /** Marks as `interrupted`, ended now, what no hub carries out any more; gives how many. */
  interrupt(now: Date): Promise<number>;
}
