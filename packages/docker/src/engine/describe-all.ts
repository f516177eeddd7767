import type { ContainerDetails } from '../containers/container-details.ts';
import { fromListed, listedName, type ContainerInfo } from '../containers/container-info.ts';
import { DockerError } from '../errors.ts';
import type { CallOptions } from './connection.ts';
import { text, type Fields } from './shape.ts';
import type { Watcher } from './watch.ts';

/** How many containers are read at once. */
const atOnce = 16;
/** How long a list waits for the description of one container, and of all of them. */
const oneMs = 5_000;
const allMs = 10_000;
/** A container whose description did not come in time is not asked for again this long. */
const restMs = 30_000;
const slow = 'The Docker Engine did not describe this container in time.';

/**
 * Describes the containers of a list. A container that the engine cannot describe, or not in time, is described as far
 * as the list goes, with the reason: it does not stop the others.
 */
export function createDescriber(details: ContainerDetails, watcher: Watcher) {
  const resting = new Map<string, number>();
  watcher.onEvent(({ id }) => resting.delete(id));
  watcher.onState(() => resting.clear());

  /** Null where it vanished meanwhile. */
  async function describe(entry: Fields, by: number, options: CallOptions): Promise<ContainerInfo | null> {
    const id = text(entry['Id']);
    const left = Math.min(oneMs, by - Date.now());
    if (left <= 0 || (resting.get(id) ?? 0) > Date.now()) return fromListed(entry, slow);
    try {
      const info = await details.recall(id, text(entry['State']), { ...options, timeoutMs: left });
      const name = info.name === info.id.slice(0, 12) ? (listedName(entry) ?? info.name) : info.name;
      return { ...info, name };
    } catch (error) {
      if (!(error instanceof DockerError)) throw error;
      if (error.code === 'not_found') return null;
      // The reader is gone.
      if (error.code === 'cancelled') throw error;
      if (error.code !== 'timeout') return fromListed(entry, error.message);
      if (left === oneMs) resting.set(id, Date.now() + restMs);
      return fromListed(entry, slow);
    }
  }

  return async (listed: readonly Fields[], options: CallOptions): Promise<ContainerInfo[]> => {
    const found: (ContainerInfo | null)[] = [];
    const by = Date.now() + allMs;
    const left = listed.entries();
    async function worker() {
      for (const [index, entry] of left) found[index] = await describe(entry, by, options);
    }
    await Promise.all(Array.from({ length: Math.min(atOnce, listed.length) }, worker));
    return found.filter((info) => info !== null);
  };
}
