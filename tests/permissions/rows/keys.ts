import { byId, keyInPath, none } from './kit.ts';
import type { Rows } from './row.ts';

export const trpc: Rows = {
  'keys.list': { circle: 'unconfined', say: () => ({ input: {} }) },
  'keys.nameable': { circle: 'unconfined', say: none },
  'keys.create': { circle: 'people', say: () => ({ input: { name: 'x', servers: ['ghost'] } }) },
  'keys.update': { of: 'key', circle: 'memberOrAdmin', say: byId },
  'keys.revoke': { of: 'key', circle: 'memberOrAdmin', say: byId, fresh: true },
};

export const rest: Rows = {
  'hub.keys.list': { circle: 'unconfined', say: none },
  'hub.keys.create': { circle: 'people', say: () => ({ input: { name: 'x', servers: ['ghost'] } }) },
  'hub.keys.update': { of: 'key', circle: 'memberOrAdmin', say: (place) => ({ ...keyInPath(place), input: {} }) },
  'hub.keys.revoke': { of: 'key', circle: 'memberOrAdmin', say: keyInPath, fresh: true },
};
