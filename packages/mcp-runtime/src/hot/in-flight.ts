/**
 * Running entries by id, in the order of their start. For the few entries that come and go with every call: a `Map`
 * allocates a new table on nearly each removal of those, and tables outlive the call and cost garbage collection more
 * than the call's own objects. Every look-up goes through all ids.
 */
export class InFlight<K, V> {
  private readonly ids: K[] = [];
  private readonly held: V[] = [];

  get size(): number {
    return this.ids.length;
  }

  has(id: K): boolean {
    return this.ids.includes(id);
  }

  get(id: K): V | undefined {
    const at = this.ids.indexOf(id);
    return at === -1 ? undefined : this.held[at];
  }

  /** Adds an entry that the caller knows to be new. */
  add(id: K, value: V): void {
    this.ids.push(id);
    this.held.push(value);
  }

  /** Removes an entry and returns it; undefined for an unknown id. */
  take(id: K): V | undefined {
    const { ids, held } = this;
    const found = ids.indexOf(id);
    if (found === -1) return undefined;
    const value = held[found];
    // Moved by hand: `splice` makes an array of what it takes.
    for (let at = found + 1; at < ids.length; at += 1) {
      ids[at - 1] = ids[at] as K;
      held[at - 1] = held[at] as V;
    }
    ids.pop();
    held.pop();
    return value;
  }

  /** Everything there is now, the oldest first. */
  values(): V[] {
    return [...this.held];
  }

  entries(): [K, V][] {
    return this.ids.map((id, at) => [id, this.held[at] as V]);
  }

  /** The youngest that fits. */
  findLast(fits: (value: V) => boolean): V | undefined {
    return this.held.findLast(fits);
  }

  /** The smallest number any of them has; Infinity where there is none. */
  least(of: (value: V) => number): number {
    let least = Number.POSITIVE_INFINITY;
    for (const value of this.held) least = Math.min(least, of(value));
    return least;
  }

  /** Takes everything off, the oldest first. */
  takeAll(): V[] {
    this.ids.length = 0;
    return this.held.splice(0);
  }
}
