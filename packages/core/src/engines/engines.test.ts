import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { engineRunKinds, limitsOfRuns } from '../runs/kinds.ts';
import { createRuns } from '../runs/runs.ts';
import { inBatches } from './batches.ts';
import { fromEngine } from './errors.ts';
import { createLocks } from './locks.ts';
import { engineEvents, startEngineRun } from './runs.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
function dockerError(code: string, message: string, field: string | null = null) {
  return Object.assign(new Error(message), { name: 'DockerError', code, field, status: null });
}

describe('what an engine says', () => {
  it('is told in the domain’s words, with the field at fault', () => {
    expect(fromEngine(dockerError('unreachable', 'away'))).toMatchObject({ code: 'unavailable', message: 'away' });
    const bad = fromEngine(dockerError('invalid', 'ports.80: is wrong', 'ports.80'));
    expect(bad).toMatchObject({ code: 'invalid', details: { field: 'ports.80', errors: [{ message: 'is wrong' }] } });
    const other = new TypeError('not ours');
    expect(fromEngine(other)).toBe(other);
  });
});

describe('runs on engines', () => {
  it('tell lines and progress with their places, and end in the words of the domain', async () => {
    const runs = createRuns({ clock: { now: () => 1_000 }, log: quiet, limits: limitsOfRuns({ runsPerPerson: 1 }) });
    const ctx = { runs, actor: { type: 'local' } } as const;
    const plan = {
      kind: 'image.pull',
      engine: 'local',
      subject: 'an image',
      resource: { type: 'image', owner: null },
    } as const;
    const progress = { layer: null, status: 'Pulling', current: null, total: null, layersDone: 0, layers: 1 };
    const { id, engine } = startEngineRun(ctx, plan, async (teller) => {
      teller.line('x'.repeat(5_000));
      teller.progress(progress);
      throw dockerError('not_found', 'no such image');
    });
    expect(engine).toBe('local');
    const from = { after: 0, signal: new AbortController().signal };
    const events = await Array.fromAsync(engineEvents(runs.follow(id, engineRunKinds, from)));
    expect(events).toMatchObject([
      { type: 'line', seq: 1, text: 'x'.repeat(4_000) },
      { type: 'progress', seq: 2, progress },
      { type: 'end', run: { engine: 'local', outcome: 'failed', code: 'not_found', message: 'no such image' } },
    ]);
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
