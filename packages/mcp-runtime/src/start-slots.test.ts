import { describe, expect, test } from 'vitest';
import { createStartSlots } from './start-slots.ts';
import { rejection } from './testing.ts';

const never = new AbortController().signal;
function turn(): Promise<void> {
  return new Promise(setImmediate);
}

/** Starts that end when told to. */
function starts() {
  const begun: number[] = [];
  const ends = new Map<number, () => void>();
  function start(n: number) {
    return (): Promise<number> => {
      begun.push(n);
      return new Promise((resolve) => ends.set(n, () => resolve(n)));
    };
  }
  return { begun, start, end: (n: number) => ends.get(n)?.() };
}

describe('starts', () => {
  test('run so many at once, the rest in order', async () => {
    const { begun, start, end } = starts();
    const slot = createStartSlots(2);
    const all = [0, 1, 2, 3].map((n) => slot(start(n), never));
    await turn();
    expect(begun).toEqual([0, 1]);
    end(1);
    await turn();
    expect(begun).toEqual([0, 1, 2]);
    end(0);
    await turn();
    for (const n of [2, 3]) end(n);
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3]);
  });

  test('that fail give their place to the next', async () => {
    const { begun, start } = starts();
    const slot = createStartSlots(1);
    const failing = rejection(slot(() => Promise.reject(new Error('no')), never));
    void slot(start(1), never);
    expect(await failing).toMatchObject({ message: 'no' });
    await turn();
    expect(begun).toEqual([1]);
  });

  test('that hang hold up the others for a while only, and free no place twice', async () => {
    const { begun, start, end } = starts();
    const slot = createStartSlots(1, 20);
    for (const n of [0, 1, 2]) void slot(start(n), never);
    await new Promise((resolve) => void setTimeout(resolve, 30));
    expect(begun).toEqual([0, 1]);
    end(0);
    await turn();
    expect(begun).toEqual([0, 1]);
  });

  test('given up while they wait leave the queue', async () => {
    const { begun, start, end } = starts();
    const slot = createStartSlots(1);
    void slot(start(0), never);
    const controller = new AbortController();
    const waiting = rejection(slot(start(1), controller.signal));
    void slot(start(2), never);
    controller.abort(new Error('given up'));
    expect(await waiting).toMatchObject({ message: 'given up' });
    expect(await rejection(slot(start(3), controller.signal))).toMatchObject({ message: 'given up' });
    end(0);
    await turn();
    expect(begun).toEqual([0, 2]);
  });
});
