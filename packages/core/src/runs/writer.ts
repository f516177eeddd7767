import { messageOf } from '../errors.ts';
import type { Log } from '../ports.ts';
import type { KeptRun } from './contract.ts';
import type { RunStore, StoredEntry } from './store.ts';

/** Writes one run into the store while it goes. */
export interface RunWriter {
  add(entry: StoredEntry): void;
  /** Writes what waits, then the end; never rejects. */
  end(kept: KeptRun): Promise<void>;
}

/** Entries are joined for this time: a slow store has each within half a second. */
const joinMs = 350;
const triesAtEnd = 3;

/** For runs that are not stored. */
export const noWriter: RunWriter = { add: () => undefined, end: () => Promise.resolve() };

/** Begins with the run itself. While the store fails, at most `most` entries wait, of which the oldest are lost. */
export function createRunWriter(store: RunStore, log: Log, begun: KeptRun, most: number): RunWriter {
  const { id } = begun.run;
  const { epoch } = begun;
  let waiting: StoredEntry[] = [];
  let hasBegun = false;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let tail = write();

  async function write(): Promise<boolean> {
    try {
      if (!hasBegun) await store.begin(begun);
      hasBegun = true;
      const entries = waiting.slice();
      if (entries.length > 0) await store.append(id, entries, epoch);
      const written = new Set(entries);
      waiting = waiting.filter((entry) => !written.has(entry));
      failures = 0;
      return true;
    } catch (error) {
      failures += 1;
      if (failures === 1) log.warn({ runId: id, error: messageOf(error) }, 'What a run told could not be stored');
      waiting = waiting.slice(-most);
      if (waiting.length > 0) later();
      return false;
    }
  }
  function next(): Promise<boolean> {
    clearTimeout(timer);
    timer = undefined;
    return (tail = tail.then(write));
  }
  function later() {
    timer ??= setTimeout(() => void next(), joinMs).unref();
  }

  return {
    add(entry) {
      waiting.push(entry);
      if (waiting.length > 2 * most) waiting = waiting.slice(-most);
      later();
    },
    async end(kept) {
      for (let tries = 0; tries < triesAtEnd; tries += 1) {
        if (!(await next())) continue;
        try {
          await store.end(kept);
          break;
        } catch (error) {
          log.warn({ runId: id, error: messageOf(error) }, 'The end of a run could not be stored');
        }
      }
      clearTimeout(timer);
    },
  };
}
