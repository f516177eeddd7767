import { none } from './kit.ts';
import type { Rows } from './row.ts';

export const trpc: Rows = {
  'access.rights': { circle: 'signedIn', say: none },
  'access.explain': { elsewhere: 'of oneself or by admins: requests.test.ts' },
  'access.explainUser': { circle: 'unconfined', say: () => ({ input: {} }) },
};
