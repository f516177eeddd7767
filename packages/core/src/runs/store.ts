import type { KeptRun, RunEntry } from './contract.ts';

export type StoredEntry = RunEntry & { seq: number };

/**
 * Where runs are kept that outlive the process. It is called by one writer for each run, in order; a call that failed
 * is made again with what came meanwhile, so entries of a place that is there already are left out.
 */
export interface RunStore {
  begin(run: KeptRun): Promise<void>;
  /** Nothing is kept where the run was taken up by somebody else since this epoch. */
  append(id: string, entries: readonly StoredEntry[], epoch: number): Promise<void>;
  /** What became of it; after its last entries. */
  end(run: KeptRun): Promise<void>;
  load(id: string): Promise<{ kept: KeptRun; entries: readonly StoredEntry[] } | null>;
  /** Marks as `interrupted`, ended now, what no hub carries out any more; gives how many. */
  interrupt(now: Date): Promise<number>;
}
