import { byId, none } from './kit.ts';
import type { Rows } from './row.ts';

export const trpc: Rows = {
  'slots.list': { circle: 'callers', say: none },
  'slots.get': { server: 'use', say: byId },
  'slots.fill': { server: 'use', say: ({ id }) => ({ input: { id, values: {} } }) },
};
