import type { QueryClient } from '@tanstack/react-query';
import type { LiveEvent } from '../api-types.ts';
import type { Trpc } from '../trpc.ts';

export type EngineEvent = Extract<LiveEvent, { type: 'engine.state' | 'engine.changed' | 'stack.changed' }>;

type Thing = 'containers' | 'images' | 'volumes' | 'networks' | 'stacks';
const things: readonly Thing[] = ['containers', 'images', 'volumes', 'networks', 'stacks'];

/** Asks again for what is shown of engines and of what lies on them. */
export function createEngineRefresh(queryClient: QueryClient, trpc: Trpc) {
  const changed = new Set<Thing | 'engines'>();

  return {
    add(event: EngineEvent): void {
      if (event.type === 'stack.changed') changed.add('stacks');
      else if (event.type === 'engine.state') for (const thing of ['engines', ...things] as const) changed.add(thing);
      else changed.add(event.what);
      if (event.type === 'engine.changed' && event.what === 'containers') changed.add('stacks').add('engines');
    },
    flush(): void {
      for (const thing of changed) {
        if (thing === 'engines') {
          void queryClient.invalidateQueries(trpc.engines.list.pathFilter());
          void queryClient.invalidateQueries(trpc.engines.overview.pathFilter());
          continue;
        }
        void queryClient.invalidateQueries(trpc[thing].list.pathFilter());
        void queryClient.invalidateQueries(trpc[thing].get.pathFilter());
        if (thing === 'containers') void queryClient.invalidateQueries(trpc.containers.inspect.pathFilter());
        if (thing === 'stacks') void queryClient.invalidateQueries(trpc.engines.runs.pathFilter());
      }
      changed.clear();
    },
  };
}

export function isEngineEvent(event: LiveEvent): event is EngineEvent {
  return event.type === 'engine.state' || event.type === 'engine.changed' || event.type === 'stack.changed';
}
