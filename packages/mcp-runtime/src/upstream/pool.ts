import { isObject } from '@switchboard/basics';
import { ErrorCode, RpcError } from '../rpc.ts';
import { count, toGive, type Budget, type Idle } from './budget.ts';
import type { Instance } from './instance.ts';
import type { Owned } from './owned.ts';

/** The use of an instance for one call. */
export interface Lease {
  instance: Instance;
  release(): void;
}

/** Opens an instance; the signal aborts where it is dropped before it is open. */
export type OpenPooled = (signal: AbortSignal) => Promise<Instance>;

/** The owner of an instance. */
export interface InstanceOwner {
  /** Null where everybody uses it. */
  readonly person: string | null;
  /** The name of what it is opened with of that person's own; null where nothing is. */
  readonly stamp: string | null;
}

interface Entry extends InstanceOwner {
  opening: Promise<Instance>;
  controller: AbortController;
  instance: Instance | null;
  /** Callers that use it or wait for it. */
  users: number;
  /** By the clock that nobody sets. */
  lastUsedAt: number;
}

/** The instances of one server besides its primary, by key. */
export interface Pool {
  /** Lends the instance of a key where it is open, and belongs to whom it should; null where it does not. */
  leaseOpen(key: string, belongs: InstanceOwner): Lease | null;
  /** Lends the live instance of a key, opening it where there is none; callers share one opening. */
  lease(key: string, belongs: InstanceOwner, open: OpenPooled): Promise<Lease>;
  peek(key: string): Instance | null;
  drop(key: string, graceMs: number): Promise<void>;
  /** Takes an instance that died off the books. */
  forget(instance: Instance): void;
  /** Closes those idle since before `idleBefore` (milliseconds of the clock that nobody sets). */
  sweep(idleBefore: number): void;
  /** Ends those that were opened with what their person has no more. */
  endStale(isCurrent: (owned: Owned) => boolean, graceMs: number): void;
  /** The instances without a lease. */
  idle(): Idle[];
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
  /** Milliseconds of a clock that nobody sets. */
  elapsed: () => number;
}

const idleGraceMs = 2000;

interface PoolState {
  readonly pool: () => Pool;
  options: PoolOptions;
  entries: Map<string, Entry>;
  /** The instances that were removed and are still closing. */
  leaving: Map<Promise<void>, Instance | null>;
}

function takeOff({ options, entries }: PoolState, key: string, entry: Entry): boolean {
  if (entries.get(key) !== entry) return false;
  entries.delete(key);
  options.budget.used--;
  count(options.budget, entry.person, -1);
  return true;
}

function remove(shelf: PoolState, key: string, graceMs: number): Promise<void> {
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
async function closeAll(shelf: PoolState, graceMs: number): Promise<void> {
  const { entries, leaving } = shelf;
  for (const instance of leaving.values()) instance?.close({ graceMs }).catch(() => undefined);
  for (const key of entries.keys()) void remove(shelf, key, graceMs);
  await Promise.all(leaving.keys());
}

function isIdle({ instance, users }: Entry): boolean {
  return instance !== null && users === 0 && instance.leases === 0 && instance.inFlight() === 0;
}

function idleOf({ entries, pool }: PoolState): Idle[] {
  const all = Array.from(entries, ([key, entry]) => ({ pool: pool(), key, entry }));
  return all.flatMap(({ entry, ...at }) => {
    return isIdle(entry) ? [{ ...at, person: entry.person, since: entry.lastUsedAt }] : [];
  });
}

/** How many of these instances each person has. */
function heldHere({ entries }: PoolState): Map<string, number> {
  const held = new Map<string, number>();
  for (const { person } of entries.values()) if (person !== null) held.set(person, (held.get(person) ?? 0) + 1);
  return held;
}

function give(idle: readonly Idle[], held: ReadonlyMap<string, number>, otherwise: string): void {
  const found = toGive(idle, held);
  if (found === null) throw full(otherwise);
  void found.pool.drop(found.key, idleGraceMs);
}

/** Within a server: one person may have half of its cap, so that others find room beside whoever comes first. */
function makeRoomHere(shelf: PoolState, person: string | null): void {
  const { serverId, budget, maxInstances } = shelf.options;
  const most = Math.min(maxInstances(), budget.caps.instancesPerServer);
  const share = Math.ceil(most / 2);
  const held = heldHere(shelf);
  const mine = person === null ? 0 : (held.get(person) ?? 0);
  const cap = `maxInstances of the server, and MAX_INSTANCES_PER_SERVER`;
  if (mine >= share) {
    const own = idleOf(shelf).filter((one) => one.person === person);
    return give(
      own,
      held,
      `you run ${mine} of server ${serverId}, half of the ${most} it may have (${cap}) and as many as one person may, and all are at work`,
    );
  }
  if (shelf.entries.size < most) return;
  give(idleOf(shelf), held, `server ${serverId} runs ${most} instances, its most (${cap}), and all are at work`);
}

function makeRoomInHub({ options: { budget } }: PoolState, person: string | null): void {
  function idle(): Idle[] {
    return [...budget.pools].flatMap((pool) => pool.idle());
  }
  const { instances, instancesPerPerson } = budget.caps;
  const mine = person === null ? 0 : (budget.held.get(person) ?? 0);
  if (mine >= instancesPerPerson) {
    const own = idle().filter((one) => one.person === person);
    return give(
      own,
      budget.held,
      `you run ${mine}, as many as one person may (MAX_INSTANCES_PER_PERSON), and all are at work`,
    );
  }
  if (budget.used < instances) return;
  give(idle(), budget.held, `the hub runs ${budget.used} instances, its most (MAX_INSTANCES), and all are at work`);
}

function open(shelf: PoolState, key: string, { person, stamp }: InstanceOwner, opener: OpenPooled): Entry {
  makeRoomHere(shelf, person);
  makeRoomInHub(shelf, person);
  const controller = new AbortController();
  const entry: Entry = {
    person,
    stamp,
    opening: opener(controller.signal),
    controller,
    instance: null,
    users: 0,
    lastUsedAt: shelf.options.elapsed(),
  };
  shelf.options.budget.used++;
  count(shelf.options.budget, person, 1);
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
function take(shelf: PoolState, entry: Entry): () => void {
  entry.users++;
  return () => {
    entry.users--;
    entry.lastUsedAt = shelf.options.elapsed();
  };
}

/** Whether it was opened for whoever asks, with what that one has now. */
function isFor(entry: Entry, { person, stamp }: InstanceOwner): boolean {
  return entry.stamp === stamp && (stamp === null || entry.person === person);
}

async function lease(shelf: PoolState, key: string, belongs: InstanceOwner, opener: OpenPooled): Promise<Lease> {
  let entry = shelf.entries.get(key);
  if (entry?.instance != null && !entry.instance.alive()) {
    takeOff(shelf, key, entry);
    entry = undefined;
  }
  if (entry !== undefined && !isFor(entry, belongs)) {
    void remove(shelf, key, idleGraceMs);
    entry = undefined;
  }
  const held = entry ?? open(shelf, key, belongs, opener);
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
  const shelf: PoolState = { options, pool: () => pool, entries: new Map(), leaving: new Map() };
  const { entries } = shelf;
  const pool: Pool = {
    leaseOpen(key, belongs) {
      const entry = entries.get(key);
      if (entry?.instance?.alive() !== true || !isFor(entry, belongs)) return null;
      return { instance: entry.instance, release: take(shelf, entry) };
    },
    lease: (key, belongs, opener) => lease(shelf, key, belongs, opener),
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
        if (isIdle(entry) && entry.lastUsedAt < idleBefore) void remove(shelf, key, idleGraceMs);
      }
    },
    endStale(isCurrent, graceMs) {
      for (const [key, { person, stamp }] of entries) {
        if (person === null || stamp === null || isCurrent({ person, stamp })) continue;
        void remove(shelf, key, graceMs);
      }
    },
    idle: () => idleOf(shelf),
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
  const text = `Too many instances: ${what}. Close a session, or raise the cap.`;
  return new RpcError(ErrorCode.server, text, { limit: true });
}
