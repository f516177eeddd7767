import { setBounded } from '@switchboard/basics';
import type { Catalog } from '../types.ts';
import type { Owned } from './owned.ts';
import { Owner } from './owners.ts';

/** What a server offers people on instances of their own, where that differs from what its primary lists. */
export interface PersonLists {
  /** Null: as everybody. */
  note(owned: Owned, catalog: Catalog | null): void;
  has(person: string): boolean;
  /** Forgets what was offered to people by credentials that they have no more. */
  forget(isCurrent: (owned: Owned) => boolean): void;
}

/** People whose lists are remembered; those noted longest ago go first. */
const mostKept = 200;

/** Keeps people's lists beyond their instances, so that lists do not change when one of those falls asleep. */
export function createPersonLists(tell: (owner: string, catalog: Catalog | null) => void): PersonLists {
  const stamps = new Map<string, string>();
  function drop(person: string): void {
    if (stamps.delete(person)) tell(Owner.person(person), null);
  }
  return {
    note({ person, stamp }, catalog) {
      if (catalog === null) return drop(person);
      const evicted = setBounded(stamps, person, stamp, mostKept);
      tell(Owner.person(person), catalog);
      if (evicted !== undefined) tell(Owner.person(evicted[0]), null);
    },
    has: (person) => stamps.has(person),
    forget(isCurrent) {
      for (const [person, stamp] of stamps) if (!isCurrent({ person, stamp })) drop(person);
    },
  };
}
