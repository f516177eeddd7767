import type { Rows } from './row.ts';

export const trpc: Rows = {
  'calls.list': { circle: 'signedIn', say: () => ({ input: {} }) },
  'calls.callers': { circle: 'signedIn', say: () => ({ input: {} }) },
  'calls.get': { elsewhere: 'a call of somebody else is absent: lists.test.ts' },
};
