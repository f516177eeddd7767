import { expect, it } from 'vitest';
import { createPullMeter } from './pull-progress.ts';

it('a pull is followed whatever the engine writes', () => {
  const meter = createPullMeter();
  for (const odd of [7, [], { id: 3, status: {} }, { id: 'a', status: 'Waiting', progressDetail: 'much' }]) {
    expect(meter(odd)).toMatchObject({ current: null, total: null, layersDone: 0 });
  }
  for (const error of [{}, 3, { message: 'x' }]) {
    expect(() => meter({ error })).toThrow(expect.objectContaining({ code: 'failed' }));
  }
});

it('a pull of many layers takes time by their number only', { timeout: 5_000 }, () => {
  const meter = createPullMeter();
  const count = 100_000;
  for (let n = 0; n < count; n += 1) meter({ id: `layer-${n}`, status: 'Pull complete' });
  expect(meter({ status: 'Status: done' })).toMatchObject({ layers: count, layersDone: count });
});
