import type { Ctx } from '@switchboard/core';
import { may } from '@switchboard/core/access';
import type { EngineSummary } from '@switchboard/core/engines/schema';

export type EngineState = EngineSummary['state'];

const things = { container: 'containers', image: 'images', volume: 'volumes', network: 'networks' } as const;
export type EngineThing = (typeof things)[keyof typeof things];

type EngineLiveEvent =
  | { type: 'engine.state'; engine: string; state: EngineState }
  | { type: 'engine.changed'; engine: string; what: EngineThing };

/** Many changes in a row are told as one. */
const gatherMs = 250;

/** What happens on containers all the time and changes nothing that is shown. */
function isQuiet(action: string): boolean {
  return /^(?:exec_|attach|resize|top)/.test(action);
}

/** Tells what happens on the engines to whoever may see them; gives the function that ends it. */
export function followEngines(core: Ctx, tell: (event: EngineLiveEvent) => void): () => void {
  const waiting = new Map<string, NodeJS.Timeout>();
  function mayRead() {
    return may(core, 'engine.read');
  }
  function changed(engine: string, what: EngineThing) {
    const key = `${engine} ${what}`;
    if (waiting.has(key)) return;
    const timer = setTimeout(() => {
      waiting.delete(key);
      if (mayRead()) tell({ type: 'engine.changed', engine, what });
    }, gatherMs);
    waiting.set(key, timer);
  }
  const stops = core.engines.names().flatMap((name) => {
    const { engine } = core.engines.get(name);
    return [
      engine.onState((state) => mayRead() && tell({ type: 'engine.state', engine: name, state })),
      engine.onEvent(({ type, action }) => {
        const what = Object.hasOwn(things, type) ? things[type as keyof typeof things] : null;
        if (what && !isQuiet(action)) changed(name, what);
      }),
    ];
  });
  return () => {
    for (const stop of stops) stop();
    for (const timer of waiting.values()) clearTimeout(timer);
  };
}
