import { byId } from './kit.ts';
import type { Rows } from './row.ts';

export const trpc: Rows = {
  'signIns.get': { server: 'sign-in', say: byId },
  'signIns.begin': { server: 'manage', say: ({ id }) => ({ input: { id, shared: true } }) },
  'signIns.end': { server: 'manage', say: ({ id }) => ({ input: { id, shared: true } }) },
};
