import { randomUUID } from 'node:crypto';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import type { RunInput } from './schema.ts';

interface HeldRun {
  person: string;
  credential: string;
  input: RunInput;
  /** Of the input, as JSON. */
  bytes: number;
}

/** Runs that wait to be opened: for a minute, and bounded in number and bytes. */
export interface Held {
  /** Gives the id to open it by; throws `limit_exceeded` where the person holds as much as one may. */
  add(run: HeldRun): string;
  /** What is held under an id, once and only for the credential that held it. */
  take(id: string, credential: string): RunInput | null;
}

const heldMs = 60_000;
const mb = 1024 ** 2;

/** Where all together hold too much, the oldest run goes of the person who holds most. */
export function createHeld(
  mostRuns: number,
  mostBytes: { person: number; hub: number } = { person: 32 * mb, hub: 128 * mb },
): Held {
  const held = new Map<string, HeldRun & { timer: NodeJS.Timeout }>();

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
    add(run) {
      const mine = [...held.values()].filter(({ person }) => person === run.person);
      if (mine.length >= mostRuns) {
        throw new DomainError('limit_exceeded', say('mostHeld', { number: mine.length }));
      }
      const bytes = mine.reduce((sum, one) => sum + one.bytes, run.bytes);
      if (bytes > mostBytes.person) {
        const size = Math.floor(mostBytes.person / mb);
        throw new DomainError('limit_exceeded', say('mostHeldSize', { size }));
      }
      const id = randomUUID();
      held.set(id, { ...run, timer: setTimeout(() => held.delete(id), heldMs).unref() });
      makeRoom();
      return id;
    },
    take(id, credential) {
      const found = held.get(id);
      if (found?.credential !== credential) return null;
      remove(id);
      return found.input;
    },
  };
}
