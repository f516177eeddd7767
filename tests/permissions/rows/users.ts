import { commonPassword } from '../../support/people.ts';
import { byId, none, nothingChanges, userInPath } from './kit.ts';
import type { Rows } from './row.ts';

export const trpc: Rows = {
  'users.list': { circle: 'admins', say: () => ({ input: {} }) },
  'users.find': { circle: 'leaders', say: () => ({ input: { search: '' } }) },
  'users.get': { of: 'user', circle: 'memberOrAdminOrReadKey', say: byId },
  'users.create': { circle: 'admins', say: () => ({ input: { username: 'member', password: commonPassword } }) },
  'users.update': { of: 'user', circle: 'memberOrAdmin', say: nothingChanges },
  'users.remove': { of: 'user', circle: 'admins', say: byId, fresh: true },
  'users.approve': { of: 'user', circle: 'admins', say: byId },
  'users.resetMfa': { of: 'user', circle: 'admins', say: byId },
  'users.sessions': { of: 'user', circle: 'memberOrAdminOrReadKey', say: ({ id }) => ({ input: { userId: id } }) },
  'users.endSessions': { of: 'user', circle: 'admins', say: byId, fresh: true },
};

export const rest: Rows = {
  'hub.users.list': { circle: 'admins', say: none },
  'hub.users.create': { circle: 'admins', say: () => ({ input: { username: 'member', password: commonPassword } }) },
  'hub.users.get': { of: 'user', circle: 'memberOrAdminOrReadKey', say: userInPath },
  'hub.users.update': { of: 'user', circle: 'memberOrAdmin', say: (place) => ({ ...userInPath(place), input: {} }) },
  'hub.users.remove': { of: 'user', circle: 'admins', say: userInPath, fresh: true },
  'hub.users.approve': { of: 'user', circle: 'admins', say: userInPath },
};
