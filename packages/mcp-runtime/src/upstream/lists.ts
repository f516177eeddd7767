import { readCatalog, type ListRequest } from '../catalog.ts';
import { noteLines } from '../definitions/notes.ts';
import { routingHeaders } from '../param-headers.ts';
import { ErrorCode, RpcError } from '../rpc.ts';
import type { Catalog, JsonObject } from '../types.ts';
import { latestModern } from '../versions.ts';
import { nextDelayMs } from './backoff.ts';
import { describeFailure } from './failures.ts';
import { envelope, type ClientIdentity } from './handshake.ts';
import type { Instance } from './instance.ts';

/** List requests as an instance's era wants them. */
export function listRequester(
  instance: Instance,
  hub: ClientIdentity,
  limits: { timeoutMs: number; signal?: AbortSignal },
): ListRequest {
  const { signal } = limits;
  const request: ListRequest = (method, params, { timeoutMs } = limits) => {
    const common = { timeoutMs, maxMs: timeoutMs, background: true, ...(signal === undefined ? {} : { signal }) };
    if (instance.era === 'legacy') return instance.request({ method, params, ...common });
    const sent: JsonObject = { ...params, _meta: envelope(hub) };
    return instance.request({ method, params: sent, headers: routingHeaders(latestModern, method, sent), ...common });
  };
  return (method, params, own) =>
    request(method, params, own).catch((error: unknown) => {
      const late = signal?.reason instanceof Error && signal.reason.name === 'TimeoutError';
      throw late ? new RpcError(ErrorCode.server, 'The server gave no answer in the time it has for its start') : error;
    });
}

export interface Lists {
  catalog(): Catalog | null;
  /** Puts a catalog from an earlier run in place, where none was read yet. */
  seed(catalog: Catalog): void;
  take(read: Catalog): void;
  /** What does not come is as in `before`; default: as it was last. */
  read(instance: Instance, signal?: AbortSignal, before?: Catalog | null): Promise<Catalog>;
  /** Reads the lists of the current instance again; calls that come meanwhile are served by one more reading. */
  refresh(): Promise<void>;
  /** Does what could not be done while there was no instance to read from. */
  catchUp(): void;
  /** Why the lists are not those of the server; null where they are. */
  problem(): string | null;
}

export interface ListsOptions {
  hub: ClientIdentity;
  instance: () => Instance | null;
  timeoutMs: () => number;
  random: () => number;
  /** Whether a reading has no change. */
  same(this: void, known: Catalog | null, read: Catalog): boolean;
  /** Logs failures, and the changes to odd definitions: once for each change of them. */
  onLog(instance: Instance, level: 'info' | 'warn', text: string): void;
  onChange(catalog: Catalog): void;
  /** The lists came to be unknown, or known. */
  onProblem(): void;
}

/** Time between two readings, so that a server which notifies changes all the time does not keep the hub busy. */
const breathMs = 100;

/** The last known items of a server. */
export function createLists(options: ListsOptions): Lists {
  let catalog: Catalog | null = null;
  let refreshing: Promise<void> | null = null;
  let wanted = false;
  let readAt = -Infinity;
  let problem: string | null = null;
  let noted = '[]';
  let failures = 0;
  let retry: NodeJS.Timeout | undefined;

  /** A failed reading is repeated, at growing intervals. */
  function retryLater(): void {
    clearTimeout(retry);
    if (problem === null) return;
    retry = setTimeout(
      () => options.instance() !== null && void lists.refresh(),
      nextDelayMs(failures, options.random()),
    );
    retry.unref();
  }

  function tellNotes(instance: Instance, { notes = [] }: Catalog): void {
    const text = JSON.stringify(notes);
    if (text === noted) return;
    noted = text;
    for (const line of noteLines(notes)) options.onLog(instance, line.level, line.text);
  }

  const lists: Lists = {
    catalog: () => catalog,
    seed(seeded) {
      catalog ??= seeded;
    },
    take(read) {
      if (options.same(catalog, read)) return;
      catalog = read;
      options.onChange(read);
    },
    async read(instance, signal, before = catalog) {
      const limits = { timeoutMs: options.timeoutMs(), ...(signal === undefined ? {} : { signal }) };
      const request = listRequester(instance, options.hub, limits);
      let first: string | null = null;
      function failed(method: string, error: unknown): void {
        const text = `${method} failed: ${describeFailure(error)}`;
        first ??= text;
        options.onLog(instance, 'warn', text);
      }
      const read = await readCatalog(instance.identity, request, before, failed, instance.notes);
      problem = first;
      failures = first === null ? 0 : failures + 1;
      tellNotes(instance, read);
      return read;
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
      else retryLater();
    },
    problem: () => problem,
  };

  async function again(): Promise<void> {
    while (wanted) {
      const early = readAt + breathMs - performance.now();
      if (early > 0) await new Promise((resolve) => void setTimeout(resolve, early));
      const instance = options.instance();
      if (instance === null) return;
      wanted = false;
      const before = problem;
      const read = await lists.read(instance);
      readAt = performance.now();
      // A reading of a connection that ended meanwhile is no news about the present one.
      if (options.instance() !== instance) continue;
      lists.take(read);
      if (before !== problem) options.onProblem();
      retryLater();
    }
  }

  return lists;
}
