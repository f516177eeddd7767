import type { ContainerInspectInfo } from 'dockerode';
import { withSignal, type CallOptions, type Connection } from './connection.ts';
import { toContainerInfo, type ContainerInfo } from './container-info.ts';
import type { Watcher } from './watch.ts';

/** Reads containers in full and keeps what it read while the engine's events say that nothing changed. */
export interface ContainerDetails {
  read(id: string, options?: CallOptions): Promise<ContainerInfo>;
  /** What is known and still true, given the state that the engine lists. */
  known(id: string, state: string): ContainerInfo | null;
}

/** Most containers that are remembered. */
const KEPT = 2_000;
/** Container events that change nothing that is told. */
const QUIET = /^(attach|detach|copy|export|resize|top|exec_)/;

export function createContainerDetails(connection: Connection, watcher: Watcher): ContainerDetails {
  const kept = new Map<string, ContainerInfo>();
  const tags = new Map<string, string[]>();
  /** Grows with every event that may matter: what was asked for before it is not kept. */
  let generation = 0;

  watcher.onEvent(({ type, action, id, attributes }) => {
    if (type === 'container' && QUIET.test(action)) return;
    generation += 1;
    if (type === 'container') kept.delete(id);
    else if (type === 'network') kept.delete(attributes['container'] ?? '');
    else if (type === 'image') {
      tags.clear();
      kept.clear();
    }
  });
  watcher.onState(() => {
    kept.clear();
    tags.clear();
  });

  const tagsOf = async (image: string, options: CallOptions): Promise<string[]> => {
    const found = watcher.following() ? tags.get(image) : undefined;
    if (found !== undefined) return found;
    const before = generation;
    const read = await connection
      .call(
        async (signal) => (await connection.docker.getImage(image).inspect(withSignal({}, signal))).RepoTags ?? [],
        options,
      )
      // The image may have been removed by force under its container.
      .catch(() => []);
    if (before === generation) tags.set(image, read);
    return read;
  };

  return {
    read: async (id, options = {}) => {
      const before = generation;
      const raw: ContainerInspectInfo = await connection.call(
        (signal) => connection.docker.getContainer(id).inspect(withSignal({}, signal)),
        options,
      );
      const info = toContainerInfo(raw, await tagsOf(raw.Image, options));
      if (before === generation && watcher.following()) {
        kept.delete(info.id);
        kept.set(info.id, info);
        const [oldest] = kept.keys();
        if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
      }
      return info;
    },
    known: (id, state) => {
      const info = watcher.following() ? kept.get(id) : undefined;
      return info?.status === state ? info : null;
    },
  };
}
