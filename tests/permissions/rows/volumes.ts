import { ghost, ghostToMake, onEngine } from './kit.ts';
import type { Rows } from './row.ts';

export const trpc: Rows = {
  'volumes.list': onEngine,
  'volumes.get': ghost({ name: 'ghost' }),
  'volumes.create': ghostToMake({ name: '-' }),
  'volumes.remove': ghost({ name: 'ghost' }),
  'volumes.prunePreview': onEngine,
  'volumes.prune': ghost({ names: ['ghost'] }),
};
