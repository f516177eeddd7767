import { none } from './kit.ts';
import type { Rows } from './row.ts';

export const trpc: Rows = {
  'audit.list': { circle: 'unconfined', say: () => ({ input: {} }) },
  'audit.get': { circle: 'unconfined', nowhere: true, say: () => ({ input: { id: '999999999' } }) },
  'audit.retention': { circle: 'unconfined', say: none },
  'audit.setRetention': { circle: 'admins', say: () => ({ input: {} }) },
};

export const rest: Rows = {
  'hub.audit.logs': { circle: 'unconfined', say: none },
};
