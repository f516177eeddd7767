import { describe, expect, test } from 'vitest';
import { createBudget as budgetOf, type Budget } from './budget.ts';
import type { Instance } from './instance.ts';
import { createPool, type OpenPooled, type Pool } from './pool.ts';
import { rejection } from './testing.ts';

interface FakeInstance extends Instance {
  busy: number;
  dead: boolean;
  closed: number[];
}

function fakeInstance(id: string): FakeInstance {
  const fake = { id, busy: 0, dead: false, closed: [] as number[], leases: 0 };
  return Object.assign(fake, {
    inFlight: () => fake.busy,
    alive: () => !fake.dead && fake.closed.length === 0,
    close: async ({ graceMs }: { graceMs: number }) => void fake.closed.push(graceMs),
  }) as unknown as FakeInstance;
}

function createBudget(instances: number, instancesPerPerson = 64): Budget {
  return budgetOf({ instances, instancesPerServer: 64, instancesPerPerson });
}

interface Bench {
  pool: Pool;
  budget: Budget;
  clock: { now: number };
  /** Instances by key, in the order they were opened. */
  made: FakeInstance[];
  /** Each key is of a person of its own, unless one is named. */
  open(key: string, person?: string | null): Promise<{ instance: FakeInstance; release(): void }>;
}

function bench({ most = 64, budget = createBudget(256), serverId = 's' } = {}): Bench {
  const clock = { now: 0 };
  const made: FakeInstance[] = [];
  const pool = createPool({ serverId, maxInstances: () => most, budget, elapsed: () => clock.now });
  function opener(key: string): OpenPooled {
    return async () => {
      const instance = fakeInstance(key);
      made.push(instance);
      return instance;
    };
  }
  return {
    pool,
    budget,
    clock,
    made,
    open: async (key, person = key) =>
      (await pool.lease(key, { person, stamp: null }, opener(key))) as { instance: FakeInstance; release(): void },
  };
}

/** Opens instances that nobody uses any more, each a millisecond after the one before. */
async function idle(it: Bench, keys: string[]): Promise<void> {
  for (const key of keys) {
    const { release } = await it.open(key);
    it.clock.now++;
    release();
  }
}

describe('a lease', () => {
  test('of a key that is open gets the same instance', async () => {
    const it = bench();
    const [a, b] = await Promise.all([it.open('k'), it.open('k')]);
    expect(a.instance).toBe(b.instance);
    expect(it.made).toHaveLength(1);
  });

  test('opens another where the instance has died', async () => {
    const it = bench();
    const { instance } = await it.open('k');
    instance.dead = true;
    expect((await it.open('k')).instance).not.toBe(instance);
    expect(it.budget.used).toBe(1);
  });

  test('that cannot be opened leaves nothing behind, and the next tries again', async () => {
    const it = bench();
    await expect(
      it.pool.lease('k', { person: 'k', stamp: null }, () => Promise.reject(new Error('no'))),
    ).rejects.toThrow('no');
    expect([it.pool.size(), it.budget.used]).toEqual([0, 0]);
    await it.open('k');
    expect(it.budget.used).toBe(1);
  });

  test('dropped while it opens closes what comes of it and tells its waiters', async () => {
    const it = bench();
    const late = fakeInstance('late');
    let finish: (instance: Instance) => void = () => undefined;
    let signal: AbortSignal | undefined;
    const waiting = it.pool.lease('k', { person: 'k', stamp: null }, (given) => {
      signal = given;
      return new Promise((resolve) => (finish = resolve));
    });
    const refused = rejection(waiting);
    const dropped = it.pool.drop('k', 5);
    expect(signal?.aborted).toBe(true);
    finish(late);

    expect(await refused).toMatchObject({
      message: expect.stringContaining('closed while it was being opened') as string,
    });
    await dropped;
    expect(late.closed).toEqual([5]);
    expect([it.pool.size(), it.budget.used]).toEqual([0, 0]);
  });

  test('of an instance that died on its own is off the books', async () => {
    const it = bench();
    const { instance } = await it.open('k');
    it.pool.forget(instance);
    expect([it.pool.size(), it.budget.used, it.pool.peek('k')]).toEqual([0, 0, null]);
  });
});

describe('the cap of a server', () => {
  test('closes the longest idle for another', async () => {
    const it = bench({ most: 2 });
    await idle(it, ['a', 'b']);
    await it.open('c');
    expect(it.made.map(({ id, closed }) => [id, closed.length])).toEqual([
      ['a', 1],
      ['b', 0],
      ['c', 0],
    ]);
    expect(it.pool.size()).toBe(2);
  });

  test('is named where all are at work', async () => {
    const it = bench({ most: 2 });
    await it.open('a');
    await it.open('b');
    await expect(it.open('c')).rejects.toThrow(
      'server s runs 2 instances, its most (maxInstances of the server, and MAX_INSTANCES_PER_SERVER), and all are at work',
    );
  });

  test.each([
    ['used by a call', (instance: FakeInstance) => void (instance.busy = 1)],
    ['kept awake by a subscription', (instance: FakeInstance) => void (instance.leases = 1)],
  ])('spares an instance %s', async (_what, use) => {
    const it = bench({ most: 1 });
    await idle(it, ['a']);
    for (const instance of it.made) use(instance);
    await expect(it.open('b')).rejects.toThrow('its most');
  });

  test('counts those that are being opened', async () => {
    const it = bench({ most: 1 });
    void it.pool.lease('a', { person: 'a', stamp: null }, () => new Promise(() => undefined)).catch(() => undefined);
    await expect(it.open('b')).rejects.toThrow('its most');
  });

  test('never takes an instance from somebody who has just opened it', async () => {
    const it = bench({ most: 1 });
    const first = it.open('a');
    // As soon as it is open, and before its first use, others want room.
    const others = Promise.resolve()
      .then(() => undefined)
      .then(() => it.open('b'));
    await expect(others).rejects.toThrow('its most');
    expect((await first).instance.closed).toEqual([]);
  });
});

describe('the cap of the hub', () => {
  test('closes the longest idle of all servers', async () => {
    const budget = createBudget(3);
    const a = bench({ budget, serverId: 'a' });
    const b = bench({ budget, serverId: 'b' });
    a.clock.now = 10;
    await idle(a, ['a1']);
    await idle(b, ['b1', 'b2']);
    await a.open('a2');
    expect(b.made.map(({ closed }) => closed.length)).toEqual([1, 0]);
    expect(budget.used).toBe(3);
  });

  test('is named where all are at work', async () => {
    const it = bench({ budget: createBudget(1) });
    await it.open('a');
    await expect(it.open('b')).rejects.toThrow(
      'the hub runs 1 instances, its most (MAX_INSTANCES), and all are at work',
    );
  });

  test('forgets the pool of a server that is gone', () => {
    const it = bench();
    expect(it.budget.pools.size).toBe(1);
    it.pool.retire();
    expect(it.budget.pools.size).toBe(0);
  });
});

test('a sweep closes those idle since before, and no other', async () => {
  const it = bench();
  await idle(it, ['old', 'new']);
  await it.open('used');
  it.pool.sweep(2);
  await expect.poll(() => it.made[0]?.closed).toHaveLength(1);
  expect(it.pool.instances().map(({ id }) => id)).toEqual(['new', 'used']);
});

test('closing the pool waits for what was leaving already, and shortens its grace', async () => {
  const it = bench();
  const { instance, release } = await it.open('a');
  release();
  let gone: () => void = () => undefined;
  const asked: number[] = [];
  instance.close = ({ graceMs }) => {
    asked.push(graceMs);
    return new Promise((resolve) => (gone = resolve));
  };
  void it.pool.drop('a', 5000);
  await Promise.resolve();
  let closed = false;
  const closing = it.pool.close(10).then(() => (closed = true));
  await new Promise(setImmediate);
  expect([asked, closed]).toEqual([[5000, 10], false]);
  gone();
  await expect.poll(() => asked.length).toBeGreaterThan(0);
  void closing;
});

test('closing the pool closes every instance with its grace, whatever one of them does', async () => {
  const it = bench();
  await idle(it, ['a', 'b']);
  for (const instance of it.made.slice(0, 1)) instance.close = () => Promise.reject(new Error('stuck'));
  await it.pool.close(7);
  expect(it.made[1]?.closed).toEqual([7]);
  expect([it.pool.size(), it.budget.used]).toEqual([0, 0]);
});

describe('one person', () => {
  test('has at most half of a server, and makes room from what is idle of theirs', async () => {
    const it = bench({ most: 4 });
    for (const key of ['a1', 'a2']) (await it.open(key, 'alice')).release();
    await it.open('b1', 'bob');
    await it.open('a3', 'alice');
    expect(it.made.map(({ id, closed }) => [id, closed.length])).toEqual([
      ['a1', 1],
      ['a2', 0],
      ['b1', 0],
      ['a3', 0],
    ]);
  });

  test('is told of the cap and its setting, while others still get one', async () => {
    const it = bench({ most: 4 });
    for (const key of ['a1', 'a2']) await it.open(key, 'alice');
    await expect(it.open('a3', 'alice')).rejects.toThrow(/half of the 4 it may have \(maxInstances.*PER_SERVER/);
    for (const key of ['b1', 'b2']) await it.open(key, 'bob');
    expect(it.pool.size()).toBe(4);
  });

  test('has at most a share of the hub, over all servers', async () => {
    const budget = createBudget(10, 2);
    const one = bench({ budget, serverId: 'one' });
    const two = bench({ budget, serverId: 'two' });
    await one.open('a', 'alice');
    await two.open('a', 'alice');
    await expect(one.open('b', 'alice')).rejects.toThrow('MAX_INSTANCES_PER_PERSON');
    await one.open('b', 'bob');
    two.pool.forget(two.made[0] as FakeInstance);
    await one.open('c', 'alice');
    expect([budget.used, budget.held]).toEqual([
      3,
      new Map([
        ['alice', 2],
        ['bob', 1],
      ]),
    ]);
  });

  test('gives what is idle of theirs where the hub is full and they hold most', async () => {
    const budget = createBudget(3);
    const one = bench({ budget, serverId: 'one' });
    const two = bench({ budget, serverId: 'two' });
    await idle(two, ['bob']);
    for (const key of ['a1', 'a2']) {
      one.clock.now = 100;
      (await one.open(key, 'alice')).release();
    }
    await two.open('c', 'carol');
    expect([two.made[0]?.closed.length, one.made.map(({ closed }) => closed.length)]).toEqual([0, [1, 0]]);
  });

  test('does not pay for what everybody uses', async () => {
    const it = bench({ budget: createBudget(10, 1) });
    await it.open('modern', null);
    await it.open('a', 'alice');
    expect(it.budget.held).toEqual(new Map([['alice', 1]]));
  });
});
