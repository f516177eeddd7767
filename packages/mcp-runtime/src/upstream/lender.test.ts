import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { nothingPersonal } from '../personal.ts';
import { specOf } from '../testing.ts';
import type { Era } from '../versions.ts';
import { createBudget } from './budget.ts';
import { startTooLong } from './failures.ts';
import type { Instance } from './instance.ts';
import { createLender } from './lender.ts';
import { LinkError } from './link.ts';
import type { Need, InstanceKey } from './places.ts';
import { createPool } from './pool.ts';
import type { Primary } from './supervised.ts';

function instanceOf(era: Era): Instance {
  return { era, openMs: 200, leases: 0, lastUsedAt: 0, inFlight: () => 0, alive: () => true } as unknown as Instance;
}

const need: Need = {
  credential: 'c',
  person: 'p',
  era: 'modern',
  session: null,
  own: false,
  alone: false,
  identity: { clientInfo: {}, capabilities: {} },
  client: null,
  onOpened: async () => {},
};

interface Bench {
  generation: { now: number };
  /** Places that were asked for, in order. */
  asked: InstanceKey[];
  /** The era of the instance that a caller of the stateless era gets. */
  serve(): Promise<Era>;
  /** Ends what the pool holds, as a restart of the server does. */
  drop(): Promise<void>;
}

/** A lender of a program whose primary speaks the session era; the program answers as `answer` does. */
function bench(answer: (attempt: number) => Promise<Instance>): Bench {
  const generation = { now: 1 };
  const asked: InstanceKey[] = [];
  const spec = specOf('s', { limits: { startTimeoutMs: 60_000 } });
  const budget = createBudget({ instances: 10, instancesPerServer: 10, instancesPerPerson: 10 });
  const pool = createPool({ serverId: 's', maxInstances: () => 10, budget, elapsed: () => 0 });
  const main = instanceOf('legacy');
  const primary = {
    state: () => ({ generation: generation.now, desired: 'on' }),
    ready: () => main,
    ensure: () => Promise.resolve(main),
  } as unknown as Primary;
  function open(place: InstanceKey): Promise<Instance> {
    asked.push(place);
    return answer(asked.length);
  }
  const hub = { clientInfo: {}, capabilities: {} };
  const lender = createLender({
    spec: () => spec,
    primary,
    pool,
    personal: nothingPersonal,
    hub,
    elapsed: () => 0,
    open,
  });
  return {
    generation,
    asked,
    drop: () => pool.drop('modern:c', 0),
    async serve() {
      const lease = await lender.acquire(need, new AbortController().signal);
      lease.release();
      return lease.instance.era;
    },
  };
}

async function served(it: Bench): Promise<Era> {
  const era = it.serve();
  await vi.advanceTimersByTimeAsync(10_000);
  return era;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function tooLong(): Promise<Instance> {
  return new Promise((_, reject) => void setTimeout(() => reject(startTooLong(specOf('s').launch, 60_000)), 60_000));
}

test('a program that starts slowly serves callers of its other era once it is up', async () => {
  const it = bench(() => new Promise((resolve) => void setTimeout(() => resolve(instanceOf('modern')), 25_000)));
  expect(await Promise.all([served(it), served(it)])).toEqual(['legacy', 'legacy']);
  // Nobody waits a second time for the same start.
  expect(await it.serve()).toBe('legacy');
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await it.serve()).toBe('modern');
  expect(it.asked).toHaveLength(1);
});

test('a program that is silent about the era costs one wait, until it is started anew', async () => {
  const it = bench(tooLong);
  expect(await served(it)).toBe('legacy');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await Promise.all([it.serve(), it.serve()])).toEqual(['legacy', 'legacy']);
  expect(it.asked).toHaveLength(1);
  it.generation.now++;
  expect(await served(it)).toBe('legacy');
  expect(it.asked).toHaveLength(2);
});

test('a late answer of an earlier start says nothing of this one', async () => {
  const it = bench((attempt) => (attempt === 1 ? tooLong() : Promise.resolve(instanceOf('modern'))));
  await served(it);
  it.generation.now++;
  void it.drop();
  expect(await it.serve()).toBe('modern');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await it.serve()).toBe('modern');
});

test('a program that refuses the era is asked once', async () => {
  const it = bench(() => Promise.reject(new LinkError('closed', 'the program ended')));
  for (let i = 0; i < 3; i++) expect(await it.serve()).toBe('legacy');
  expect(it.asked).toHaveLength(1);
});

test('a program that cannot be reached is asked again', async () => {
  const it = bench((attempt) =>
    attempt === 1 ? Promise.reject(new LinkError('unreachable', 'no file')) : Promise.resolve(instanceOf('modern')),
  );
  expect([await it.serve(), await it.serve()]).toEqual(['legacy', 'modern']);
});
