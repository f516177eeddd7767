import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../errors.ts';
import { inBatches } from './batches.ts';
import { fromEngine } from './errors.ts';
import { createLocks } from './locks.ts';
import { createRuns, type Runs, type RunPlan } from './runs.ts';
import type { RunEvent } from './schema.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
function make(now = () => 1_000): Runs {
  return createRuns({ clock: { now }, log: quiet });
}
const plan: RunPlan = {
  kind: 'image.pull',
  engine: 'local',
  subject: 'an image',
  resource: { type: 'image', owner: null },
  key: 'k',
};

function dockerError(code: string, message: string, field: string | null = null) {
  return Object.assign(new Error(message), { name: 'DockerError', code, field, status: null });
}

async function all(events: AsyncIterable<RunEvent>): Promise<RunEvent[]> {
  const list: RunEvent[] = [];
  for await (const event of events) list.push(event);
  return list;
}

describe('what an engine says', () => {
  it('is told in the domain’s words, with the field at fault', () => {
    expect(fromEngine(dockerError('unreachable', 'away'))).toMatchObject({ code: 'unavailable', message: 'away' });
    const bad = fromEngine(dockerError('invalid', 'ports.80: is wrong', 'ports.80'));
    expect(bad).toMatchObject({ code: 'invalid', details: { field: 'ports.80', reason: 'is wrong' } });
    const other = new TypeError('not ours');
    expect(fromEngine(other)).toBe(other);
  });
});

describe('runs', () => {
  it('tell everything to whoever comes, whenever that is, and what became of them', async () => {
    const runs = make();
    const started = runs.start(plan, async ({ line }) => {
      line('one');
      await sleep(20);
      line('two');
      return { id: 'made' };
    });
    expect(started).toMatchObject({ outcome: 'running', endedAt: null });
    const early = await all(runs.follow(started.id, new AbortController().signal));
    const late = await all(runs.follow(started.id, new AbortController().signal));
    expect(late).toEqual(early);
    expect(early.map((event) => (event.type === 'line' ? event.text : event.type))).toEqual(['one', 'two', 'end']);
    expect(await runs.wait(started.id)).toMatchObject({ outcome: 'ok', result: { id: 'made' } });
  });

  it('with the same key follow one another', async () => {
    const runs = make();
    const first = runs.start(plan, async () => {
      await sleep(20);
      return null;
    });
    expect(() => runs.start(plan, async () => null)).toThrow(/wait for its end/);
    await runs.wait(first.id);
    expect(runs.start(plan, async () => null).outcome).toBe('running');
  });

  it('say why they failed, and not what is the hub’s own fault', async () => {
    const runs = make();
    async function failing(error: Error) {
      const { id } = runs.start({ ...plan, key: error.message }, async () => {
        throw error;
      });
      return await runs.wait(id);
    }
    expect(await failing(dockerError('not_found', 'no such image'))).toMatchObject({
      outcome: 'failed',
      message: 'no such image',
    });
    expect((await failing(new TypeError('secret detail'))).message).toBe('Something went wrong in the hub.');
  });

  it('can be given up, and end with the hub', async () => {
    const runs = make();
    function hang({ signal }: { signal: AbortSignal }) {
      return new Promise<null>((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    }
    const one = runs.start(plan, hang);
    runs.cancel(one.id);
    expect((await runs.wait(one.id)).outcome).toBe('cancelled');
    const two = runs.start(plan, hang);
    await runs.close();
    expect((await runs.wait(two.id)).outcome).toBe('cancelled');
    expect(() => runs.cancel('ghost')).toThrow(DomainError);
  });

  it('keep the last of much output, and are forgotten after a while', async () => {
    let now = 1_000;
    const runs = make(() => now);
    const { id } = runs.start(plan, async ({ line }) => {
      for (let count = 1; count <= 5_000; count += 1) line(String(count));
      return null;
    });
    await runs.wait(id);
    const events = await all(runs.follow(id, new AbortController().signal));
    expect(events.length).toBeLessThanOrEqual(2_001);
    expect(events.at(-2)).toMatchObject({ text: '5000' });
    now += 3_600_000;
    runs.start(plan, async () => null);
    expect(runs.find(id)).toBeNull();
  });

  it('a reader that leaves is not kept', async () => {
    const runs = make();
    const { id } = runs.start(plan, async ({ signal }) => {
      await sleep(5_000, null, { signal }).catch(() => undefined);
      return null;
    });
    const leave = new AbortController();
    setTimeout(() => leave.abort(), 20);
    expect(await all(runs.follow(id, leave.signal))).toEqual([]);
    await runs.close();
  });
});

describe('batches', () => {
  it('hold what is there at once, in order, and tell an error after what came before it', async () => {
    async function* source() {
      for (let count = 0; count < 2_500; count += 1) yield count;
      await sleep(10);
      yield 2_500;
      throw new Error('broken');
    }
    const sizes: number[] = [];
    const seen: number[] = [];
    async function read() {
      for await (const batch of inBatches(source())) {
        sizes.push(batch.length);
        seen.push(...batch);
      }
    }
    await expect(read()).rejects.toThrow('broken');
    expect(seen).toEqual(Array.from({ length: 2_501 }, (_, index) => index));
    expect(sizes.length).toBeLessThan(10);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000);
  });
});

describe('locks', () => {
  it('let one at a time through, and go on after a failure', async () => {
    const locks = createLocks();
    const order: string[] = [];
    function work(name: string, ms: number) {
      return async () => {
        order.push(`${name} in`);
        await sleep(ms);
        order.push(`${name} out`);
        if (name === 'b') throw new Error('b failed');
      };
    }
    const [, failed] = await Promise.allSettled([
      locks.run('x', work('a', 20)),
      locks.run('x', work('b', 1)),
      locks.run('x', work('c', 1)),
      locks.run('y', work('d', 1)),
    ]);
    expect(failed.status).toBe('rejected');
    expect(order.filter((step) => !step.startsWith('d'))).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
    expect(order.indexOf('d out')).toBeLessThan(order.indexOf('a out'));
  });
});
