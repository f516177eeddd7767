import { randomUUID } from 'node:crypto';
import type { Reason } from '@switchboard/mcp-runtime/types';
import { DomainError } from './errors.ts';
import { say } from './reasons.ts';

interface PendingObject<Thing> {
  person: string;
  credential: string;
  thing: Thing;
  bytes: number;
}

/** Objects that wait to be opened, for a minute, bounded in number and bytes. */
export interface PendingObjects<Thing> {
  /** Gives the id to open it by; throws `limit_exceeded` where the person holds as much as one may. */
  add(held: PendingObject<Thing>): string;
  /** Gives the object under an id, once and only to the credential that put it there. */
  take(id: string, credential: string): Thing | null;
}

interface HeldBounds {
  /** Of one person. */
  most: number;
  bytes?: { person: number; hub: number };
  tooMany?: (number: number) => Reason;
  tooLarge?: (size: number) => Reason;
}

const heldMs = 60_000;
const mb = 1024 ** 2;

function tooManyRuns(number: number): Reason {
  return say('mostHeld', { number });
}
function tooLargeRuns(size: number): Reason {
  return say('mostHeldSize', { size });
}

/** Where the total is too large, the person who holds most loses the oldest object. */
export function createHeld<Thing>({
  most,
  bytes: mostBytes = { person: 32 * mb, hub: 128 * mb },
  tooMany = tooManyRuns,
  tooLarge = tooLargeRuns,
}: HeldBounds): PendingObjects<Thing> {
  const held = new Map<string, PendingObject<Thing> & { timer: NodeJS.Timeout }>();

  function remove(id: string): void {
    clearTimeout(held.get(id)?.timer);
    held.delete(id);
  }

  function bytesByPerson(): Map<string, number> {
    const sums = new Map<string, number>();
    for (const { person, bytes } of held.values()) sums.set(person, (sums.get(person) ?? 0) + bytes);
    return sums;
  }

  function makeRoom(): void {
    for (;;) {
      const sums = bytesByPerson();
      const total = [...sums.values()].reduce((sum, bytes) => sum + bytes, 0);
      if (total <= mostBytes.hub) return;
      const [largest] = [...sums].reduce((a, b) => (b[1] > a[1] ? b : a));
      const [oldest] = [...held].find(([, { person }]) => person === largest) ?? [];
      if (oldest === undefined) return;
      remove(oldest);
    }
  }

  return {
    add(added) {
      const mine = [...held.values()].filter(({ person }) => person === added.person);
      if (mine.length >= most) throw new DomainError('limit_exceeded', tooMany(mine.length));
      const bytes = mine.reduce((sum, one) => sum + one.bytes, added.bytes);
      if (bytes > mostBytes.person) {
        throw new DomainError('limit_exceeded', tooLarge(Math.floor(mostBytes.person / mb)));
      }
      const id = randomUUID();
      held.set(id, { ...added, timer: setTimeout(() => held.delete(id), heldMs).unref() });
      makeRoom();
      return id;
    },
    take(id, credential) {
      const found = held.get(id);
      if (found?.credential !== credential) return null;
      remove(id);
      return found.thing;
    },
  };
}
