import { setBounded } from '@switchboard/basics';
import { withSignal, type CallOptions, type Connection } from '../engine/connection.ts';
import { record, text, texts } from '../engine/shape.ts';
import type { Watcher } from '../engine/watch.ts';
import { imageName, toContainerInfo, type ContainerInfo } from './container-info.ts';

/** Reads containers in full and keeps what it read while the engine's events say that nothing changed. */
export interface ContainerDetails {
  read(id: string, options?: CallOptions): Promise<ContainerInfo>;
  /** The stored facts where they are still true for the state that the engine lists; else they are read. */
  recall(id: string, state: string, options?: CallOptions): Promise<ContainerInfo>;
}

interface KeptDetails {
  info: ContainerInfo;
  /** The image as it was asked for. */
  asked: string;
}

/** Most containers that are remembered. */
const mostKept = 2_000;
/** Events of containers that change nothing that is shown. */
const quiet = /^(attach|detach|copy|export|resize|top|exec_)/;

export function createContainerDetails(connection: Connection, watcher: Watcher): ContainerDetails {
  const kept = new Map<string, KeptDetails>();
  const tags = new Map<string, Promise<string[]>>();
  const changes = trackChanges();

  watcher.onEvent(({ type, action, id, attributes }) => {
    if (type === 'container' && quiet.test(action)) return;
    const changed = type === 'container' ? id : type === 'network' ? (attributes['container'] ?? '') : '';
    if (type === 'image') tags.clear();
    if (changed === '') return;
    changes.tell(changed);
    kept.delete(changed);
  });
  watcher.onState(() => {
    kept.clear();
    tags.clear();
  });

  function tagsOf(image: string, options: CallOptions): Promise<string[]> {
    const known = watcher.following() ? tags.get(image) : undefined;
    if (known !== undefined) return known;
    const reading = connection
      .call(
        async (signal) =>
          texts(record(await connection.docker.getImage(image).inspect(withSignal({}, signal)))['RepoTags']),
        options,
      )
      // The image may have been removed by force under its container.
      .catch(() => []);
    if (watcher.following()) tags.set(image, reading);
    return reading;
  }

  async function read(id: string, options: CallOptions = {}) {
    const since = changes.now();
    const raw = record(
      await connection.call(
        (signal) => connection.docker.getContainer(id).inspect(withSignal({}, signal)) as Promise<unknown>,
        options,
      ),
    );
    const asked = text(record(raw['Config'])['Image']);
    const image = text(raw['Image']);
    const info = toContainerInfo(raw, image === '' ? [] : await tagsOf(image, options));
    if (watcher.following() && !changes.since(info.id, since)) {
      setBounded(kept, info.id, { info, asked }, mostKept);
    }
    return info;
  }

  return {
    read,
    recall: async (id, state, options = {}) => {
      const known = watcher.following() ? kept.get(id) : undefined;
      if (known?.info.status !== state) return await read(id, options);
      const { imageId } = known.info;
      const image = imageName(known.asked, imageId, imageId === '' ? [] : await tagsOf(imageId, options));
      return image === known.info.image ? known.info : { ...known.info, image };
    },
  };
}

/** The most changes that are kept apart; older ones count as one change of all. */
const mostChanges = 5_000;

/** Tells whether something changed since a moment, so that an answer that was on its way meanwhile is not kept. */
function trackChanges() {
  const last = new Map<string, number>();
  let count = 0;
  let forgotten = 0;
  return {
    tell: (id: string) => {
      count += 1;
      last.set(id, count);
      if (last.size <= mostChanges) return;
      last.clear();
      forgotten = count;
    },
    now: () => count,
    since: (id: string, moment: number) => forgotten > moment || (last.get(id) ?? 0) > moment,
  };
}
