import { byId, none } from './kit.ts';
import type { Rows } from './row.ts';

const nobodyAsks = 'x'.repeat(43);

export const trpc: Rows = {
  // Nobody asks here: who may answer finds nothing.
  'oauth.request': { circle: 'people', say: () => ({ input: { uid: nobodyAsks } }), nowhere: true },
  'oauth.decide': { circle: 'people', say: () => ({ input: { uid: nobodyAsks, allow: true } }), nowhere: true },
  'oauth.grants.list': { circle: 'people', say: none },
  'oauth.grants.revoke': { of: 'grant', circle: 'memberOrAdmin', say: byId, fresh: true },
  'oauth.machines.list': { circle: 'people', say: none },
  'oauth.machines.create': { circle: 'people', say: () => ({ input: { name: 'x', endpoint: 'ghost' } }) },
  'oauth.machines.remove': { of: 'grant', circle: 'memberOrAdmin', say: byId, fresh: true },
};
