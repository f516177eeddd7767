import { type Actor, DomainError, personOf } from '@switchboard/core';
import { say } from '@switchboard/core/reasons';

/** The open streams of everybody: each holds a connection and hears of every change. One for the process. */
export interface Streams {
  /** Counts one more stream; throws `limit_exceeded` where the person has the most already. Gives what ends the count. */
  hold(actor: Actor): () => void;
}

/** Counts by person, whatever sign-in or key a stream came with. */
export function createStreams(most: number): Streams {
  const open = new Map<string, number>();
  return {
    hold(actor) {
      const person = personOf(actor);
      const count = open.get(person) ?? 0;
      if (count >= most) {
        throw new DomainError('limit_exceeded', say('mostStreams', { number: count, most }));
      }
      open.set(person, count + 1);
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        const left = (open.get(person) ?? 1) - 1;
        if (left === 0) open.delete(person);
        else open.set(person, left);
      };
    },
  };
}

const held = new WeakSet<object>();

/** Whether somebody counts this stream already. */
export function isHeld(stream: object): boolean {
  return held.has(stream);
}

/** The same stream, counted until it ends; also where nobody ever reads from it. */
export function heldStream<Item>(
  stream: AsyncIterable<Item>,
  release: () => void,
  signal: AbortSignal,
): AsyncIterable<Item> {
  if (signal.aborted) release();
  signal.addEventListener('abort', release, { once: true });
  const iterator = stream[Symbol.asyncIterator]();
  const counted: AsyncIterable<Item> = {
    [Symbol.asyncIterator]: () => ({
      async next() {
        try {
          const result = await iterator.next();
          if (result.done === true) release();
          return result;
        } catch (error) {
          release();
          throw error;
        }
      },
      async return() {
        release();
        await iterator.return?.();
        return { done: true, value: undefined };
      },
    }),
  };
  held.add(counted);
  return counted;
}
