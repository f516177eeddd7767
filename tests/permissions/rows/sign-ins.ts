import { byId } from './kit.ts';
import type { Rows } from './row.ts';

export const trpc: Rows = {
  'signIns.get': { server: 'sign-in', say: byId },
  'signIns.begin': { server: 'sign-in', say: byId },
  'signIns.end': { server: 'sign-in', say: byId },
};
