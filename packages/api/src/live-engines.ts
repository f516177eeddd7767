import type { ChangeNotice, Ctx } from '@switchboard/core';
import { may } from '@switchboard/core/access';
import { staleOnEngine, staleWithEngine, wholeEngine } from '@switchboard/core/engines';

/** Changes within this time are one event. */
const gatherMs = 250;

/** Events of containers that happen all the time and change nothing that is shown. */
function isQuiet(action: string): boolean {
  return /^(?:exec_|attach|resize|top)/.test(action);
}

/** Sends changes on the engines to a listener who may see them; returns the function that ends it. */
export function followEngines(core: Ctx, tell: (frame: ChangeNotice) => void): () => void {
  const waiting = new Map<string, NodeJS.Timeout>();
  function changed(name: string, type: string, paths: readonly string[]) {
    const key = `${name} ${type}`;
    if (waiting.has(key)) return;
    const timer = setTimeout(() => {
      waiting.delete(key);
      if (may(core, 'engine.read', wholeEngine(name))) tell({ type: 'changed', paths });
    }, gatherMs);
    waiting.set(key, timer);
  }
  const stops = core.docker.engines.names().flatMap((name) => {
    const { engine } = core.docker.engines.get(name);
    return [
      engine.onState(() => changed(name, 'engine', staleWithEngine)),
      engine.onEvent(({ type, action }) => {
        const paths = staleOnEngine.get(type);
        if (paths && !isQuiet(action)) changed(name, type, paths);
      }),
    ];
  });
  return () => {
    for (const stop of stops) stop();
    for (const timer of waiting.values()) clearTimeout(timer);
  };
}
