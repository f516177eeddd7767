import type { Changed, Ctx } from '@switchboard/core';
import { may } from '@switchboard/core/access';
import { staleOnEngine, staleWithEngine } from '@switchboard/core/engines';

/** Many changes in a row are told as one. */
const gatherMs = 250;

/** What happens on containers all the time and changes nothing that is shown. */
function isQuiet(action: string): boolean {
  return /^(?:exec_|attach|resize|top)/.test(action);
}

/** Tells what happens on the engines to whoever may see them; gives the function that ends it. */
export function followEngines(core: Ctx, tell: (frame: Changed) => void): () => void {
  const waiting = new Map<string, NodeJS.Timeout>();
  function changed(type: string, paths: readonly string[]) {
    if (waiting.has(type)) return;
    const timer = setTimeout(() => {
      waiting.delete(type);
      if (may(core, 'engine.read')) tell({ type: 'changed', paths });
    }, gatherMs);
    waiting.set(type, timer);
  }
  const stops = core.engines.names().flatMap((name) => {
    const { engine } = core.engines.get(name);
    return [
      engine.onState(() => changed('engine', staleWithEngine)),
      engine.onEvent(({ type, action }) => {
        const paths = staleOnEngine.get(type);
        if (paths && !isQuiet(action)) changed(type, paths);
      }),
    ];
  });
  return () => {
    for (const stop of stops) stop();
    for (const timer of waiting.values()) clearTimeout(timer);
  };
}
