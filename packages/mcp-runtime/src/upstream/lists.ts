import { readCatalog, sameCatalog } from '../catalog.ts';
import type { ListRequest } from '../catalog.ts';
import { routingHeaders } from '../param-headers.ts';
import type { Catalog, JsonObject } from '../types.ts';
import { LATEST_MODERN } from '../versions.ts';
import { envelope } from './handshake.ts';
import type { ClientIdentity } from './handshake.ts';
import type { Instance } from './instance.ts';

/** List requests as an instance's era wants them. */
export function listRequester(
  instance: Instance,
  hub: ClientIdentity,
  limits: { timeoutMs: number; signal?: AbortSignal },
): ListRequest {
  const { timeoutMs, signal } = limits;
  const common = { timeoutMs, maxMs: timeoutMs, background: true, ...(signal === undefined ? {} : { signal }) };
  return (method, params) => {
    if (instance.era === 'legacy') return instance.request({ method, params, ...common });
    const sent: JsonObject = { ...params, _meta: envelope(hub) };
    return instance.request({ method, params: sent, headers: routingHeaders(LATEST_MODERN, method, sent), ...common });
  };
}

export interface Lists {
  catalog(): Catalog | null;
  /** Puts a catalog from an earlier run in place, where none was read yet. */
  seed(catalog: Catalog): void;
  take(read: Catalog): void;
  read(instance: Instance, signal?: AbortSignal): Promise<Catalog>;
  /** Reads the lists of the current instance again; calls that come meanwhile are served by one more reading. */
  refresh(): Promise<void>;
  /** Does what could not be done while there was no instance to read from. */
  catchUp(): void;
}

export interface ListsOptions {
  hub: ClientIdentity;
  instance: () => Instance | null;
  timeoutMs: () => number;
  onError(instance: Instance, method: string, error: unknown): void;
  onChange(catalog: Catalog): void;
}

/** Time between two readings, so that a server which tells of changes all the time does not keep the hub busy. */
const BREATH_MS = 100;

/** What a server was last known to offer. */
export function createLists(options: ListsOptions): Lists {
  let catalog: Catalog | null = null;
  let refreshing: Promise<void> | null = null;
  let wanted = false;

  const lists: Lists = {
    catalog: () => catalog,
    seed(seeded) {
      catalog ??= seeded;
    },
    take(read) {
      if (sameCatalog(catalog, read)) return;
      catalog = read;
      options.onChange(read);
    },
    read(instance, signal) {
      const limits = { timeoutMs: options.timeoutMs(), ...(signal === undefined ? {} : { signal }) };
      const request = listRequester(instance, options.hub, limits);
      return readCatalog(instance.identity, request, catalog, (method, error) =>
        options.onError(instance, method, error),
      );
    },
    refresh() {
      wanted = true;
      refreshing ??= again().finally(() => {
        refreshing = null;
      });
      return refreshing;
    },
    catchUp() {
      if (wanted) void lists.refresh();
    },
  };

  async function again(): Promise<void> {
    for (let round = 0; wanted; round++) {
      if (round > 0) await new Promise((resolve) => void setTimeout(resolve, BREATH_MS));
      const instance = options.instance();
      if (instance === null) return;
      wanted = false;
      const read = await lists.read(instance);
      // What a connection said that has ended meanwhile is no news of the one that is open now.
      if (options.instance() === instance) lists.take(read);
    }
  }

  return lists;
}
