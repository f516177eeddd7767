import type { Launch, Needed, Personal } from '@switchboard/mcp-runtime/types';

/** What somebody gave for a server. */
export interface Holding {
  /** Names what was given: the same never names something else. */
  stamp: string;
  /** Epoch milliseconds. */
  at: number;
}

/** One kind of thing that people give of their own, as it is known from memory. */
export interface PersonalSource {
  code: Needed['code'];
  /** Whether the server waits for it. */
  concerns(serverId: string): boolean;
  /** Those who gave all of it, by person. */
  holders(serverId: string): ReadonlyMap<string, Holding>;
  /** Path of the page where it is given. */
  page(serverId: string): string;
  /** Puts what the person gave into a launch; null where it is not whole. */
  fill(serverId: string, person: string, launch: Launch): Promise<Launch | null>;
}

/** What of servers is a person's own, of all kinds together. */
export interface PersonalBook extends Personal {
  /** Somebody may use other servers than before. */
  rightsChanged(): void;
}

export interface PersonalBookOptions {
  sources: readonly PersonalSource[];
  /** Whether a person may use a server now. */
  mayUse(person: string, serverId: string): boolean;
  /** The whole address of a page. */
  link(path: string): string;
  /** Values that people use a server with and nobody may see. */
  unseen(serverId: string): readonly string[];
}

/** Answers for the runtime in whose name a server may be opened, and with what. */
export function createPersonalBook({ sources, mayUse, link, unseen }: PersonalBookOptions): PersonalBook {
  let allowed = new Map<string, boolean>();

  function isAllowed(person: string, serverId: string): boolean {
    const key = JSON.stringify([person, serverId]);
    const known = allowed.get(key) ?? mayUse(person, serverId);
    allowed.set(key, known);
    return known;
  }

  function concerned(serverId: string): PersonalSource[] {
    return sources.filter((source) => source.concerns(serverId));
  }

  function needed({ code, page }: PersonalSource, serverId: string): Needed {
    return { code, url: link(page(serverId)) };
  }

  function standing(serverId: string, person: string): string | Needed {
    const stamps: string[] = [];
    const [first] = sources;
    for (const source of sources) {
      if (!source.concerns(serverId)) continue;
      const held = source.holders(serverId).get(person);
      if (held === undefined || !isAllowed(person, serverId)) return needed(source, serverId);
      stamps.push(held.stamp);
    }
    // A server that has just come to belong to people is told of before it is known here.
    if (stamps.length === 0 && first !== undefined) return needed(first, serverId);
    return stamps.join(' ');
  }

  /** When a person gave the last of what a server waits for. */
  function lastOf(serverId: string, person: string): number {
    return Math.max(...concerned(serverId).map((source) => source.holders(serverId).get(person)?.at ?? -Infinity));
  }

  return {
    standing,
    unseen,
    refused(serverId, person) {
      const source = concerned(serverId).find(({ code }) => code === 'credentials');
      const isGiven = source?.holders(serverId).has(person) === true;
      return source && isGiven ? { ...needed(source, serverId), again: 'refused' } : null;
    },
    feeder(serverId, refused = new Set()) {
      const [source] = concerned(serverId);
      if (source === undefined) return null;
      const people = [...source.holders(serverId).keys()].filter((person) => {
        const stamp = standing(serverId, person);
        return typeof stamp === 'string' && !refused.has(stamp);
      });
      const [newest = null] = people.toSorted((one, other) => lastOf(serverId, other) - lastOf(serverId, one));
      return newest;
    },
    async launch(serverId, person, launch) {
      let made = launch;
      for (const source of concerned(serverId)) {
        const next = await source.fill(serverId, person, made);
        if (next === null) return needed(source, serverId);
        made = next;
      }
      return made;
    },
    rightsChanged() {
      allowed = new Map();
    },
  };
}
