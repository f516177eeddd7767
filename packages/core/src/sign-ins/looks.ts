import type { Clock } from '../ports.ts';

/** What was found is not looked for again for so long. */
const knownMs = 10_000;
const mostKnown = 1_000;

/** Finds something out once for all who ask at a time, and within a moment after. */
export type Looks = (name: string, look: () => Promise<string | null>) => Promise<string | null>;

/** Remembers answers for a moment, also that there was none. */
export function createLooks(clock: Clock): Looks {
  const known = new Map<string, { found: Promise<string | null>; until: number }>();
  return (name, look) => {
    const now = clock.now();
    const before = known.get(name);
    if (before !== undefined && now < before.until) return before.found;
    if (known.size >= mostKnown) known.clear();
    const entry = { found: look(), until: Infinity };
    known.set(name, entry);
    void entry.found.finally(() => {
      entry.until = clock.now() + knownMs;
    });
    return entry.found;
  };
}
