import type { ContainerStats } from '@switchboard/docker';
import type { StatsOf } from './schema.ts';

interface Source {
  id: string;
  stats: AsyncGenerator<ContainerStats>;
}

/** Readings of several containers in the order they come; a source that fails or ends leaves the others. */
export async function* mergeStats(sources: readonly Source[]): AsyncGenerator<StatsOf> {
  type Turn = { source: Source; result: IteratorResult<ContainerStats, unknown> };
  const waiting = new Map<Source, Promise<Turn>>();
  const ended = { done: true, value: undefined } as const;
  function ask(source: Source) {
    const turn = source.stats.next().catch(() => ended);
    waiting.set(
      source,
      turn.then((result) => ({ source, result })),
    );
  }
  for (const source of sources) ask(source);
  try {
    while (waiting.size > 0) {
      const { source, result } = await Promise.race(waiting.values());
      if (result.done === true) {
        waiting.delete(source);
      } else {
        ask(source);
        yield { id: source.id, stats: result.value };
      }
    }
  } finally {
    for (const { stats } of waiting.keys()) stats.return(undefined).catch(() => undefined);
  }
}
