import { ErrorCode, isObject, RpcError } from '../rpc.ts';
import type { Instance } from './instance.ts';

/** Instances a whole hub may hold besides the primaries; shared by every pool. */
export interface Budget {
  readonly limit: number;
  used: number;
  /** Pools that can give back an idle instance. */
  readonly pools: Set<Pool>;
}

export function createBudget(limit: number): Budget {
  return { limit, used: 0, pools: new Set() };
}

/** The use of an instance for one call. */
export interface Lease {
  instance: Instance;
  release(): void;
}

/** Opens an instance; the signal aborts where it is dropped before it is open. */
export type OpenPooled = (signal: AbortSignal) => Promise<Instance>;

interface Entry {
  opening: Promise<Instance>;
  controller: AbortController;
  instance: Instance | null;
  /** Callers that use it or wait for it. */
  users: number;
  lastUsedAt: number;
}

/** The instances of one server besides its primary, by key. */
export interface Pool {
  /** Lends the instance of a key where it is open; null where it is not. */
  leaseOpen(key: string): Lease | null;
  /** Lends the live instance of a key, opening it where there is none; callers share one opening. */
  lease(key: string, open: OpenPooled): Promise<Lease>;
  peek(key: string): Instance | null;
  drop(key: string, graceMs: number): Promise<void>;
  /** Takes an instance that died off the books. */
  forget(instance: Instance): void;
  /** Closes those idle since before `idleBefore` (epoch ms). */
  sweep(idleBefore: number): void;
  /** Longest idle instance, or null where all work. */
  longestIdle(): { key: string; since: number } | null;
  size(): number;
  instances(): Instance[];
  /** Ends all; resolves when nothing is left, of those that were being closed already either. */
  close(graceMs: number): Promise<void>;
  /** Takes the pool off the hub's budget, for a server that is gone. */
  retire(): void;
}

export interface PoolOptions {
  serverId: string;
  maxInstances: () => number;
  budget: Budget;
  now: () => number;
}

const GRACE_MS = 2000;

interface Shelf {
  options: PoolOptions;
  entries: Map<string, Entry>;
  /** What was taken off and is still closing. */
  leaving: Map<Promise<void>, Instance | null>;
}

function takeOff({ options, entries }: Shelf, key: string, entry: Entry): boolean {
  if (entries.get(key) !== entry) return false;
  entries.delete(key);
  options.budget.used--;
  return true;
}

function remove(shelf: Shelf, key: string, graceMs: number): Promise<void> {
  const { entries, leaving } = shelf;
  const entry = entries.get(key);
  if (entry === undefined || !takeOff(shelf, key, entry)) return Promise.resolve();
  entry.controller.abort(gone());
  const closing: Promise<void> = entry.opening
    .then(
      (instance) => instance.close({ graceMs }),
      () => undefined,
    )
    .catch(() => undefined)
    .finally(() => leaving.delete(closing));
  leaving.set(closing, entry.instance);
  return closing;
}

/** Ends every instance, in the given time also those that were leaving at their ease. */
async function closeAll(shelf: Shelf, graceMs: number): Promise<void> {
  const { entries, leaving } = shelf;
  for (const instance of leaving.values()) instance?.close({ graceMs }).catch(() => undefined);
  for (const key of entries.keys()) void remove(shelf, key, graceMs);
  await Promise.all(leaving.keys());
}

function isIdle({ instance, users }: Entry): boolean {
  return instance !== null && users === 0 && instance.leases === 0 && instance.inFlight() === 0;
}

function longestIdle({ entries }: Shelf): { key: string; since: number } | null {
  let found: { key: string; since: number } | null = null;
  for (const [key, entry] of entries) {
    if (!isIdle(entry)) continue;
    if (found === null || entry.lastUsedAt < found.since) found = { key, since: entry.lastUsedAt };
  }
  return found;
}

function makeRoom(shelf: Shelf): void {
  const { serverId, budget, maxInstances } = shelf.options;
  if (shelf.entries.size >= maxInstances()) {
    const idle = longestIdle(shelf);
    const count = shelf.entries.size;
    if (idle === null) throw full(`server ${serverId} runs ${count} instances, its most, and all are at work`);
    void remove(shelf, idle.key, GRACE_MS);
  }
  if (budget.used < budget.limit) return;
  let oldest: { pool: Pool; key: string; since: number } | null = null;
  for (const pool of budget.pools) {
    const idle = pool.longestIdle();
    if (idle !== null && (oldest === null || idle.since < oldest.since)) oldest = { pool, ...idle };
  }
  if (oldest === null) throw full(`the hub runs ${budget.used} instances, its most, and all are at work`);
  void oldest.pool.drop(oldest.key, GRACE_MS);
}

function open(shelf: Shelf, key: string, opener: OpenPooled): Entry {
  makeRoom(shelf);
  const controller = new AbortController();
  const entry: Entry = {
    opening: opener(controller.signal),
    controller,
    instance: null,
    users: 0,
    lastUsedAt: shelf.options.now(),
  };
  shelf.options.budget.used++;
  shelf.entries.set(key, entry);
  entry.opening.then(
    (instance) => {
      entry.instance = instance;
      if (!instance.alive()) takeOff(shelf, key, entry);
    },
    () => takeOff(shelf, key, entry),
  );
  return entry;
}

/** Counts a user from here on, so that nobody makes room with the instance before its first use. */
function take(shelf: Shelf, entry: Entry): () => void {
  entry.users++;
  return () => {
    entry.users--;
    entry.lastUsedAt = shelf.options.now();
  };
}

async function lease(shelf: Shelf, key: string, opener: OpenPooled): Promise<Lease> {
  let entry = shelf.entries.get(key);
  if (entry?.instance != null && !entry.instance.alive()) {
    takeOff(shelf, key, entry);
    entry = undefined;
  }
  const held = entry ?? open(shelf, key, opener);
  const release = take(shelf, held);
  try {
    const instance = held.instance ?? (await held.opening);
    if (shelf.entries.get(key) !== held) throw gone();
    return { instance, release };
  } catch (error) {
    release();
    throw error;
  }
}

/** Keeps the instances of one server besides its primary, within the server's cap and the hub's. */
export function createPool(options: PoolOptions): Pool {
  const shelf: Shelf = { options, entries: new Map(), leaving: new Map() };
  const { entries } = shelf;
  const pool: Pool = {
    leaseOpen(key) {
      const entry = entries.get(key);
      if (entry?.instance?.alive() !== true) return null;
      return { instance: entry.instance, release: take(shelf, entry) };
    },
    lease: (key, opener) => lease(shelf, key, opener),
    peek(key) {
      const instance = entries.get(key)?.instance ?? null;
      return instance?.alive() === true ? instance : null;
    },
    drop: (key, graceMs) => remove(shelf, key, graceMs),
    forget(instance) {
      for (const [key, entry] of entries) if (entry.instance === instance) takeOff(shelf, key, entry);
    },
    sweep(idleBefore) {
      for (const [key, entry] of entries) {
        if (isIdle(entry) && entry.lastUsedAt < idleBefore) void remove(shelf, key, GRACE_MS);
      }
    },
    longestIdle: () => longestIdle(shelf),
    size: () => entries.size,
    instances: () => [...entries.values()].flatMap(({ instance }) => (instance === null ? [] : [instance])),
    close: (graceMs) => closeAll(shelf, graceMs),
    retire: () => void options.budget.pools.delete(pool),
  };
  options.budget.pools.add(pool);
  return pool;
}

/** Whether an opening failed because nobody wanted the instance any more. */
export function isGone(error: unknown): boolean {
  return error instanceof RpcError && isObject(error.data) && error.data['reason'] === 'closed';
}

/** Whether an instance could not be had for a cap. */
export function isFull(error: unknown): boolean {
  return error instanceof RpcError && isObject(error.data) && error.data['limit'] === true;
}

function gone(): RpcError {
  return new RpcError(ErrorCode.server, 'The connection to the server was closed while it was being opened', {
    reason: 'closed',
  });
}

function full(what: string): RpcError {
  const text = `Too many instances: ${what}. Close a session, or raise maxInstances.`;
  return new RpcError(ErrorCode.server, text, { limit: true });
}
