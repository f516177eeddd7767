/** Things by name, in the order in which they came; bounded in number and size. */
export interface NamedEntries<Value> {
  /** Replaces what has this name. Gives why it cannot be kept; null where it is. */
  set(name: string, value: Value, size: number): string | null;
  delete(name: string): void;
  entries(): [name: string, value: Value][];
}

export function createKept<Value>(most: { entries: number; characters: number }): NamedEntries<Value> {
  const kept = new Map<string, { value: Value; size: number }>();
  let characters = 0;
  return {
    set(name, value, size) {
      const before = kept.get(name);
      if (!before && kept.size >= most.entries) return `There are ${most.entries} already, as many as there may be.`;
      const after = characters + size - (before?.size ?? 0);
      if (after > most.characters) return `All together would be longer than ${most.characters} characters.`;
      characters = after;
      kept.set(name, { value, size });
      return null;
    },
    delete(name) {
      characters -= kept.get(name)?.size ?? 0;
      kept.delete(name);
    },
    entries: () => [...kept].map(([name, { value }]) => [name, value]),
  };
}
