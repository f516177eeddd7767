import { ghost, ghostToMake, onEngine } from './kit.ts';
import type { Rows } from './row.ts';

export const trpc: Rows = {
  'images.list': onEngine,
  'images.get': ghost({ image: 'ghost' }),
  'images.pull': ghostToMake({ image: 'switchboard-ghost/none' }),
  'images.build': ghostToMake({
    tag: 'ghost',
    context: { kind: 'files', files: [{ path: 'Dockerfile', text: 'FROM scratch' }] },
  }),
  'images.tag': ghostToMake({ image: 'ghost', as: 'other' }),
  'images.remove': ghost({ image: 'ghost' }),
  'images.prunePreview': onEngine,
  'images.prune': ghost({ ids: ['ghost'] }),
};
