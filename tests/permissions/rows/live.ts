import type { Rows } from './row.ts';

export const trpc: Rows = {
  'live.events': { elsewhere: 'tells only of what is seen: lists.test.ts' },
};
