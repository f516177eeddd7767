import { ErrorCode, RpcError } from '../rpc.ts';
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

interface Entry {
  opening: Promise<Instance>;
  instance: Instance | null;
}

/** The instances of one server besides its primary, by key. */
export interface Pool {
  /** The live instance of a key, opening it where there is none; two callers share one opening. */
  get(key: string, open: () => Promise<Instance>): Promise<Instance>;
  peek(key: string): Instance | null;
  drop(key: string, graceMs: number): Promise<void>;
  /** Closes those idle since before `idleBefore` (epoch ms). */
  sweep(idleBefore: number): void;
  /** Longest idle instance, or null where all work. */
  longestIdle(): { key: string; since: number } | null;
  size(): number;
  instances(): Instance[];
  close(graceMs: number): Promise<void>;
}

const GRACE_MS = 2000;

function isIdle(instance: Instance): boolean {
  return instance.leases === 0 && instance.inFlight() === 0;
}

export function createPool(options: { serverId: string; maxInstances: () => number; budget: Budget }): Pool {
  const { budget, serverId } = options;
  const entries = new Map<string, Entry>();

  const remove = async (key: string, graceMs: number): Promise<void> => {
    const entry = entries.get(key);
    if (entry === undefined) return;
    entries.delete(key);
    budget.used--;
    const instance = await entry.opening.catch(() => null);
    await instance?.close({ graceMs });
  };

  const makeRoom = (): void => {
    if (entries.size >= options.maxInstances()) {
      const idle = pool.longestIdle();
      if (idle === null) throw full(`server ${serverId} runs ${entries.size} instances, its most, and all are at work`);
      void remove(idle.key, GRACE_MS);
    }
    if (budget.used < budget.limit) return;
    const candidates = [...budget.pools]
      .map((other) => ({ other, idle: other.longestIdle() }))
      .filter((it) => it.idle !== null);
    const oldest = candidates.sort((a, b) => (a.idle?.since ?? 0) - (b.idle?.since ?? 0))[0];
    if (oldest?.idle == null) throw full(`the hub runs ${budget.used} instances, its most, and all are at work`);
    void oldest.other.drop(oldest.idle.key, GRACE_MS);
  };

  const open = (key: string, opener: () => Promise<Instance>): Promise<Instance> => {
    makeRoom();
    budget.used++;
    const entry: Entry = { opening: opener(), instance: null };
    entries.set(key, entry);
    entry.opening.then(
      (instance) => {
        entry.instance = instance;
      },
      () => {
        if (entries.get(key) !== entry) return;
        entries.delete(key);
        budget.used--;
      },
    );
    return entry.opening;
  };

  const pool: Pool = {
    get(key, opener) {
      const entry = entries.get(key);
      if (entry === undefined) return open(key, opener);
      if (entry.instance === null || entry.instance.alive()) return entry.opening;
      entries.delete(key);
      budget.used--;
      return open(key, opener);
    },
    peek(key) {
      const instance = entries.get(key)?.instance ?? null;
      return instance?.alive() === true ? instance : null;
    },
    drop: remove,
    sweep(idleBefore) {
      for (const [key, entry] of entries) {
        const { instance } = entry;
        if (instance === null) continue;
        if (!instance.alive()) void remove(key, 0);
        else if (isIdle(instance) && instance.lastUsedAt < idleBefore) void remove(key, GRACE_MS);
      }
    },
    longestIdle() {
      let found: { key: string; since: number } | null = null;
      for (const [key, { instance }] of entries) {
        if (instance === null || !isIdle(instance)) continue;
        if (found === null || instance.lastUsedAt < found.since) found = { key, since: instance.lastUsedAt };
      }
      return found;
    },
    size: () => entries.size,
    instances: () => [...entries.values()].flatMap((entry) => (entry.instance === null ? [] : [entry.instance])),
    async close(graceMs) {
      await Promise.all([...entries.keys()].map((key) => remove(key, graceMs)));
    },
  };
  budget.pools.add(pool);
  return pool;
}

function full(what: string): RpcError {
  return new RpcError(ErrorCode.server, `Too many instances: ${what}. Close a session, or raise maxInstances.`, {
    limit: true,
  });
}
