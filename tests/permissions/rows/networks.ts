import { ghost, ghostToMake, onEngine } from './kit.ts';
import type { Rows } from './row.ts';

export const trpc: Rows = {
  'networks.list': onEngine,
  'networks.get': ghost({ network: 'ghost' }),
  'networks.create': ghostToMake({ name: '-' }),
  'networks.remove': ghost({ network: 'ghost' }),
  'networks.prunePreview': onEngine,
  'networks.prune': ghost({ ids: ['ghost'] }),
};
