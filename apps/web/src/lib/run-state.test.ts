import { expect, it } from 'vitest';
import { emptyRun, nextRun, shareOf, type RunEvent } from './run-state.ts';

function progress(seq: number, layer: string | null, status: string, current: number | null = null): RunEvent {
  return {
    type: 'progress',
    seq,
    progress: { layer, status, current, total: current === null ? null : 100, layersDone: 0, layers: 1 },
  };
}

it('keeps one entry per layer, with how far it is', () => {
  const events = [
    progress(1, null, 'Pulling from library/app'),
    progress(2, 'aa', 'Downloading', 40),
    progress(3, 'bb', 'Waiting'),
    progress(4, 'aa', 'Pull complete'),
  ];
  const state = events.reduce(nextRun, emptyRun);
  expect(state.status).toBe('Pulling from library/app');
  expect(state.layers.map((layer) => [layer.id, layer.status, shareOf(layer)])).toEqual([
    ['aa', 'Pull complete', 1],
    ['bb', 'Waiting', null],
  ]);
});

it('takes each event once when the stream begins again', () => {
  const events: RunEvent[] = [
    { type: 'line', seq: 1, text: 'a' },
    { type: 'line', seq: 2, text: 'b' },
    { type: 'line', seq: 1, text: 'a' },
    { type: 'line', seq: 3, text: 'c' },
  ];
  expect(events.reduce(nextRun, emptyRun).lines.map(({ text }) => text)).toEqual(['a', 'b', 'c']);
});

it('goes on behind what is not kept any more, and says how much that is', () => {
  const events: RunEvent[] = [
    { type: 'line', seq: 1, text: 'a' },
    { type: 'gap', seq: 8, missed: 7 },
    { type: 'line', seq: 9, text: 'b' },
  ];
  expect(events.reduce(nextRun, emptyRun)).toMatchObject({ seq: 9, missed: 7, lines: [{ text: 'a' }, { text: 'b' }] });
});
