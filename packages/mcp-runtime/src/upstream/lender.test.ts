import { expect, test } from 'vitest';
import { specOf } from '../testing.ts';
import type { Era } from '../versions.ts';
import { createBudget } from './budget.ts';
import { startTooLong } from './failures.ts';
import type { Instance } from './instance.ts';
import { createLender, type Need, type Place } from './lender.ts';
import { LinkError } from './link.ts';
import { createPool } from './pool.ts';
import type { Primary } from './supervised.ts';

function instanceOf(era: Era, openMs = 200): Instance {
  return { era, openMs, leases: 0, lastUsedAt: 0, inFlight: () => 0, alive: () => true } as unknown as Instance;
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
  clock: { now: number };
  generation: { now: number };
  /** Places that were asked for, in order. */
  asked: Place[];
  /** The era of the instance that a caller of the stateless era gets. */
  serve(): Promise<Era>;
}

/** A lender of a program whose primary speaks the session era; the program answers as `answer` does. */
function bench(answer: (attempt: number) => Promise<Instance>, openMs = 200): Bench {
  const clock = { now: 1_000_000 };
  const generation = { now: 1 };
  const asked: Place[] = [];
  const spec = specOf('s', { limits: { startTimeoutMs: 60_000 } });
  const budget = createBudget({ instances: 10, instancesPerServer: 10, instancesPerPerson: 10 });
  const pool = createPool({ serverId: 's', maxInstances: () => 10, budget, elapsed: () => clock.now });
  const main = instanceOf('legacy', openMs);
  const primary = {
    state: () => ({ generation: generation.now, desired: 'on' }),
    ready: () => main,
    ensure: () => Promise.resolve(main),
  } as unknown as Primary;
  function open(place: Place): Promise<Instance> {
    asked.push(place);
    return answer(asked.length);
  }
  const hub = { clientInfo: {}, capabilities: {} };
  const lender = createLender({ spec: () => spec, primary, pool, hub, elapsed: () => clock.now, open });
  return {
    clock,
    generation,
    asked,
    async serve() {
      const lease = await lender.acquire(need, new AbortController().signal);
      lease.release();
      return lease.instance.era;
    },
  };
}

function tooLong(): Promise<Instance> {
  return Promise.reject(startTooLong(specOf('s').launch, 10_000));
}

test('a program that was slow to start once is asked again, not taken for one of the older era for ever', async () => {
  const it = bench((attempt) => (attempt === 1 ? tooLong() : Promise.resolve(instanceOf('modern'))));
  expect(await it.serve()).toBe('legacy');
  expect(await it.serve()).toBe('legacy');
  expect(it.asked).toHaveLength(1);
  it.clock.now += 60_000;
  expect(await it.serve()).toBe('modern');
});

test('a program that is silent about the era is left alone after the third time, until it is started anew', async () => {
  const it = bench(tooLong);
  for (let i = 0; i < 6; i++) {
    expect(await Promise.all([it.serve(), it.serve(), it.serve()])).toEqual(['legacy', 'legacy', 'legacy']);
    it.clock.now += 60_000;
  }
  expect(it.asked).toHaveLength(3);
  it.generation.now++;
  await it.serve();
  expect(it.asked).toHaveLength(4);
});

test('a program that refuses the era is asked once', async () => {
  const it = bench(() => Promise.reject(new LinkError('closed', 'the program ended')));
  for (let i = 0; i < 3; i++) {
    expect(await it.serve()).toBe('legacy');
    it.clock.now += 60_000;
  }
  expect(it.asked).toHaveLength(1);
});

test('a program gets ten seconds to show the era, and three times what its own start took', async () => {
  for (const [openMs, limitMs] of [
    [200, 10_000],
    [5000, 15_000],
    [50_000, 60_000],
  ] as const) {
    const it = bench(() => Promise.resolve(instanceOf('modern')), openMs);
    await it.serve();
    expect(it.asked[0]?.limitMs).toBe(limitMs);
  }
});
