/** Most instances besides primaries. */
export interface InstanceCaps {
  instances: number;
  instancesPerServer: number;
  instancesPerPerson: number;
}

/** Instances a whole hub holds besides the primaries; shared by every pool. */
export interface Budget {
  readonly caps: InstanceCaps;
  used: number;
  /** By person, how many instances are theirs. */
  readonly held: Map<string, number>;
  /** Pools that can give back an idle instance. */
  readonly pools: Set<IdlePool>;
}

export function createBudget(caps: InstanceCaps): Budget {
  return { caps, used: 0, held: new Map(), pools: new Set() };
}

/** A pool, as far as the budget needs it. */
export interface IdlePool {
  /** The instances without a lease. */
  idle(): Idle[];
  drop(key: string, graceMs: number): Promise<void>;
}

/** An instance that nobody uses now. */
export interface Idle {
  pool: IdlePool;
  key: string;
  /** Null for a shared instance. */
  person: string | null;
  since: number;
}

/** Counts an instance in, or out again with -1. */
export function count({ held }: Budget, person: string | null, by: 1 | -1): void {
  if (person === null) return;
  const now = (held.get(person) ?? 0) + by;
  if (now === 0) held.delete(person);
  else held.set(person, now);
}

/** The instance that is idle longest among the person's with most; null where all are in use. */
export function toGive(idle: readonly Idle[], held: ReadonlyMap<string, number>): Idle | null {
  function holds({ person }: Idle): number {
    return person === null ? 0 : (held.get(person) ?? 0);
  }
  let found: Idle | null = null;
  for (const one of idle) {
    const more = found === null ? 1 : holds(one) - holds(found);
    if (found === null || more > 0 || (more === 0 && one.since < found.since)) found = one;
  }
  return found;
}
