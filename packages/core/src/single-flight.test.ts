import { describe, expect, it } from 'vitest';
import { createSingleFlight } from './single-flight.ts';

/** A task that waits to be let go, and remembers which of the wishes it began with. */
function held() {
  const wishes: string[] = [];
  const runs: { took: string[]; end(): void; fail(): void }[] = [];
  let going = 0;
  let most = 0;
  const flight = createSingleFlight(() => {
    going += 1;
    most = Math.max(most, going);
    const took = wishes.splice(0);
    return new Promise<void>((resolve, reject) => {
      runs.push({ took, end: resolve, fail: () => reject(new Error('no')) });
    }).finally(() => {
      going -= 1;
    });
  });
  return {
    runs,
    most: () => most,
    ask(wish: string): Promise<void> {
      wishes.push(wish);
      return flight.run();
    },
  };
}

describe('a single flight', () => {
  it('serves who asks meanwhile with one run that begins after they asked', async () => {
    const task = held();
    const first = task.ask('a');
    const others = [task.ask('b'), task.ask('c')];
    task.runs[0]?.end();
    await first;
    await expect.poll(() => task.runs.length).toBe(2);
    expect(task.runs[1]?.took).toEqual(['b', 'c']);
    task.runs[1]?.end();
    await Promise.all(others);
    expect(task.most()).toBe(1);
  });

  it('lets nobody overtake who waits for the second run', async () => {
    const task = held();
    const first = task.ask('a');
    const second = task.ask('b');
    const third = first.then(() => task.ask('c'));
    task.runs[0]?.end();
    await first;
    await expect.poll(() => task.runs.length).toBe(2);
    expect(task.runs[1]?.took).toEqual(['b', 'c']);
    task.runs[1]?.end();
    await Promise.all([second, third]);
    expect(task.most()).toBe(1);
    expect(task.runs).toHaveLength(2);
  });

  it('goes on after a run that failed', async () => {
    const task = held();
    const first = task.ask('a');
    const second = task.ask('b');
    task.runs[0]?.fail();
    await expect(first).rejects.toThrow('no');
    await expect.poll(() => task.runs.length).toBe(2);
    task.runs[1]?.end();
    await second;
  });
});
