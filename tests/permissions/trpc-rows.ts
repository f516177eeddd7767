import { commonPassword } from '../support/people.ts';
import type { Place, Rows, Said } from './rows.ts';

/** Who may call each procedure. A procedure without a row fails the suite. */

const byId = ({ id }: Place): Said => ({ input: { id } });
const none = (): Said => ({});
const nothingChanges = ({ id }: Place): Said => ({ input: { id, patch: {} } });
const byGroup = ({ id }: Place): Said => ({ input: { groupId: id } });
const groupAnd =
  (more: (place: Place) => object) =>
  (place: Place): Said => ({
    input: { groupId: place.id, ...more(place) },
  });
const theMember = ({ world }: Place) => ({ userId: world.targets.userId });
const theServer = () => ({ serverId: 'shared' });
const wrong = { password: 'not this one' };

export const trpcRows: Rows = {
  'auth.me': { open: true },
  'auth.login': { open: true },
  'auth.register': { open: true },
  'auth.logout': { elsewhere: 'ends the session that asks: hub/page.test.ts' },

  'account.get': { circle: 'signedIn', say: none },
  'account.update': { circle: 'people', say: () => ({ input: {} }) },
  'account.changePassword': {
    circle: 'people',
    say: () => ({ input: { currentPassword: commonPassword, newPassword: commonPassword } }),
  },
  'account.sessions': { circle: 'signedIn', say: none },
  'account.endSession': { of: 'session', circle: 'memberOrAdmin', say: byId, fresh: true },
  'account.endOtherSessions': { elsewhere: 'ends what the other rows need: requests.test.ts' },
  'account.enrolTotp': { circle: 'people', say: () => ({ input: wrong }) },
  'account.confirmTotp': { circle: 'people', say: () => ({ input: { code: '000000' } }) },
  'account.removeTotp': { circle: 'people', say: () => ({ input: wrong }) },
  'account.renewRecoveryCodes': { circle: 'people', say: () => ({ input: wrong }) },

  'users.list': { circle: 'admins', say: () => ({ input: {} }) },
  'users.find': { circle: 'leaders', say: () => ({ input: { search: '' } }) },
  'users.get': { of: 'user', circle: 'memberOrAdminOrReadKey', say: byId },
  'users.create': { circle: 'admins', say: () => ({ input: { username: 'member', password: commonPassword } }) },
  'users.update': { of: 'user', circle: 'memberOrAdmin', say: nothingChanges },
  'users.remove': { of: 'user', circle: 'admins', say: byId, fresh: true },
  'users.approve': { of: 'user', circle: 'admins', say: byId },
  'users.resetMfa': { of: 'user', circle: 'admins', say: byId },
  'users.sessions': { of: 'user', circle: 'memberAdminOrAnyKey', say: ({ id }) => ({ input: { userId: id } }) },
  'users.endSessions': { of: 'user', circle: 'admins', say: byId, fresh: true },

  'groups.list': { circle: 'signedIn', say: () => ({ input: {} }) },
  'groups.get': { group: 'see', say: byId },
  'groups.create': { circle: 'groupMakers', say: () => ({ input: { name: 'shared' } }) },
  'groups.update': { group: 'lead', say: nothingChanges },
  'groups.remove': { group: 'lead', say: byId, fresh: true },
  'groups.members': { group: 'see', say: byGroup },
  'groups.addMember': { group: 'lead', say: groupAnd(theMember) },
  'groups.updateMember': {
    group: 'lead',
    say: groupAnd((place) => ({ ...theMember(place), role: 'member' })),
  },
  'groups.approveMember': { group: 'lead', say: groupAnd(theMember) },
  'groups.removeMember': { group: 'lead', say: groupAnd(theMember), fresh: true },
  'groups.leave': { elsewhere: 'of what one is in oneself: requests.test.ts' },
  'groups.servers': { group: 'see', say: byId },
  'groups.addServer': { elsewhere: 'needs a right at the server besides: requests.test.ts' },
  'groups.updateServer': { group: 'lead', say: groupAnd(theServer) },
  'groups.removeServer': { group: 'lead', say: groupAnd(theServer), fresh: true },
  'groups.items': { group: 'see', say: groupAnd(theServer) },
  'groups.setItem': {
    group: 'lead',
    say: groupAnd(() => ({ ...theServer(), type: 'tool', name: 'echo' })),
  },
  'groups.chooseItems': {
    group: 'lead',
    say: groupAnd(() => ({ ...theServer(), type: 'tool', names: ['echo'] })),
    fresh: true,
  },
  'groups.exposure': { group: 'see', say: byId },

  'access.explain': { elsewhere: 'of oneself or by admins: requests.test.ts' },
  'access.explainUser': { circle: 'unconfined', say: () => ({ input: {} }) },

  'keys.list': { circle: 'unconfined', say: () => ({ input: {} }) },
  'keys.create': { circle: 'people', say: () => ({ input: { name: 'x', servers: ['ghost'] } }) },
  'keys.update': { of: 'key', circle: 'memberOrAdmin', say: byId },
  'keys.revoke': { of: 'key', circle: 'memberOrAdmin', say: byId, fresh: true },

  'servers.list': { circle: 'signedIn', say: () => ({ input: {} }) },
  'servers.get': { server: 'see', say: byId },
  'servers.create': {
    circle: 'notViewers',
    say: () => ({ input: { id: 'shared', kind: 'streamable-http', url: 'https://example.com/mcp' } }),
  },
  'servers.update': { server: 'manage', say: nothingChanges },
  'servers.remove': { server: 'manage', say: byId, fresh: true },
  'servers.start': { server: 'manage', say: byId },
  'servers.stop': { server: 'manage', say: byId, fresh: true },
  'servers.restart': { server: 'manage', say: byId },
  'servers.test': {
    circle: 'notViewers',
    say: () => ({ input: { draft: { kind: 'streamable-http', name: 'x', url: 'http://127.0.0.1:1/mcp' } } }),
  },
  'servers.items': { server: 'see', say: byId },
  'servers.setItem': { server: 'manage', say: ({ id }) => ({ input: { id, type: 'tool', name: 'echo' } }) },
  'servers.logs': { server: 'manage', say: byId },
  'servers.reveal': { server: 'own', say: ({ id }) => ({ input: { id, field: 'headers', name: 'x-secret' } }) },
  'servers.importConfig': {
    circle: 'notViewers',
    say: () => ({ input: { text: '{"mcpServers":{}}', apply: true, onConflict: 'skip' } }),
  },
  'servers.exportConfig': { elsewhere: 'what is not seen is not in it: lists.test.ts' },
  'servers.addDemo': { circle: 'admins', say: none },

  'calls.list': { circle: 'signedIn', say: () => ({ input: {} }) },
  'calls.get': { elsewhere: 'a call of somebody else is absent: lists.test.ts' },

  'audit.list': { circle: 'unconfined', say: () => ({ input: {} }) },
  'audit.retention': { circle: 'unconfined', say: none },
  'audit.setRetention': { circle: 'admins', say: () => ({ input: {} }) },

  'system.overview': { circle: 'signedIn', say: none },
  'system.info': { circle: 'signedIn', say: none },
  'live.events': { elsewhere: 'tells only of what is seen: lists.test.ts' },
  'playground.run': { elsewhere: 'a stream: lists.test.ts' },
  'playground.answer': { elsewhere: 'only the run of the same credential: hub/trpc.test.ts' },
};
