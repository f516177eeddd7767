/** How much of something each person holds, and who holds most; every question takes the same time. */
export interface Holders {
  add(person: string): void;
  remove(person: string): void;
  count(person: string): number;
  /** People from those who hold most to those who hold least. */
  fromMost(): Iterable<string>;
}

export function createHolders(): Holders {
  const counts = new Map<string, number>();
  const byCount = new Map<number, Set<string>>();
  let most = 0;
  function move(person: string, by: 1 | -1): void {
    const before = counts.get(person) ?? 0;
    const now = before + by;
    const peers = byCount.get(before);
    peers?.delete(person);
    if (peers?.size === 0) byCount.delete(before);
    if (now === 0) counts.delete(person);
    else {
      counts.set(person, now);
      byCount.set(now, (byCount.get(now) ?? new Set<string>()).add(person));
    }
    if (now > most) most = now;
    else if (before === most && !byCount.has(most)) most = now;
  }
  return {
    add: (person) => move(person, 1),
    remove: (person) => move(person, -1),
    count: (person) => counts.get(person) ?? 0,
    *fromMost() {
      for (let count = most; count > 0; count--) yield* byCount.get(count) ?? [];
    },
  };
}
