import type { Engine } from '../engine/engine.ts';

/** How often a pull reports its progress. */
const tellEveryMs = 2_000;

/** Pulls of images that servers wait for. */
export interface Pulls {
  /** Resolves when the image exists; a start that is cancelled leaves the pull to the next one. */
  ensure(
    image: string,
    when: 'missing' | 'always',
    progress: (text: string) => void,
    signal: AbortSignal,
  ): Promise<void>;
}

interface Pulling {
  done: Promise<void>;
  tell: Set<(text: string) => void>;
}

/** One pull of an image at a time, for all who wait: a large one takes longer than a start may. */
export function createPulls(engine: Engine): Pulls {
  const underWay = new Map<string, Pulling>();

  function begin(image: string): Pulling {
    let told = Number.NEGATIVE_INFINITY;
    const tell: Pulling['tell'] = new Set();
    function onProgress({ layersDone, layers }: { layersDone: number; layers: number }) {
      if (layers === 0 || performance.now() - told < tellEveryMs) return;
      told = performance.now();
      for (const each of tell) each(`Pulling the image ${image}: ${layersDone} of ${layers} layers.`);
    }
    const done = engine.images.pull(image, { onProgress }).then(() => undefined);
    const pulling = { tell, done: done.finally(() => underWay.delete(image)) };
    pulling.done.catch(() => {});
    underWay.set(image, pulling);
    return pulling;
  }

  return {
    ensure: async (image, when, progress, signal) => {
      if (when === 'missing' && (await engine.images.has(image, { signal }))) return;
      progress(`Pulling the image ${image}.`);
      const { tell, done } = underWay.get(image) ?? begin(image);
      const given = Promise.withResolvers<never>();
      function giveUp() {
        given.reject(signal.reason);
      }
      signal.addEventListener('abort', giveUp, { once: true });
      tell.add(progress);
      try {
        if (signal.aborted) giveUp();
        await Promise.race([done, given.promise]);
      } finally {
        tell.delete(progress);
        signal.removeEventListener('abort', giveUp);
      }
    },
  };
}
