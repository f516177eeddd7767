import { commonPassword } from '../support/people.ts';
import type { Place, Row, Rows, Said } from './rows.ts';

/** Who may call each documented route. A route without a row fails the suite. */

function serverId({ id }: Place): Said {
  return { params: { serverId: id } };
}
function groupId({ id }: Place): Said {
  return { params: { groupId: id } };
}
function userId({ id }: Place): Said {
  return { params: { userId: id } };
}
function keyId({ id }: Place): Said {
  return { params: { keyId: id } };
}
function groupAndMember({ id, world }: Place): Said {
  return { params: { groupId: id, userId: world.targets.userId } };
}
function groupAndServer({ id }: Place): Said {
  return { params: { groupId: id, serverId: 'shared' } };
}
const noJob = '00000000-0000-4000-8000-000000000000';
function none(): Said {
  return {};
}
const wrong = { password: 'not this one' };

/** Whose container it is decides too, see containers.test.ts. */
function ghostContainer(query?: string): Row {
  return {
    circle: 'keepers',
    say: () => ({ params: { container_id: 'ghost' }, ...(query !== undefined && { query }) }),
    nowhere: true,
  };
}

export const restRows: Rows = {
  'containers.auth.register': { open: true },
  'containers.auth.token': { open: true },
  'containers.auth.me': { circle: 'signedIn', say: none },
  'containers.containers.list': { circle: 'keepers', say: none },
  'containers.containers.get': ghostContainer(),
  'containers.containers.create': {
    circle: 'makers',
    say: () => ({ input: { image: 'ghost', pull: 'never' } }),
    nowhere: true,
  },
  'containers.containers.start': ghostContainer(),
  'containers.containers.stop': ghostContainer(),
  'containers.containers.remove': ghostContainer(),
  'containers.containers.logs': ghostContainer(),
  'containers.containers.restart': ghostContainer(),
  'containers.containers.pause': ghostContainer(),
  'containers.containers.unpause': ghostContainer(),
  'containers.containers.kill': ghostContainer(),
  'containers.containers.stats': ghostContainer(),
  'containers.containers.file': ghostContainer('?path=/etc/passwd'),
  'containers.containers.archive': ghostContainer('?path=/etc'),
  'containers.compose.up': { circle: 'keepers', say: () => ({ input: { content: 'no stack' } }) },
  'containers.compose.down': { circle: 'keepers', say: () => ({ input: { content: 'no stack' } }) },
  'containers.compose.status': { circle: 'keepers', say: () => ({ input: { content: 'no stack' } }) },

  'hub.servers.list': { circle: 'signedIn', say: none },
  'hub.servers.create': {
    circle: 'notViewers',
    say: () => ({ input: { name: 'shared', url: 'https://example.com/mcp' } }),
  },
  'hub.servers.get': { server: 'see', say: serverId },
  'hub.servers.update': { server: 'manage', say: (place) => ({ ...serverId(place), input: {} }) },
  'hub.servers.remove': { server: 'manage', say: serverId, fresh: true },
  'hub.servers.start': { server: 'manage', say: serverId },
  'hub.servers.stop': { server: 'manage', say: serverId, fresh: true },
  'hub.servers.restart': { server: 'manage', say: serverId },
  'hub.servers.logs': { server: 'manage', say: serverId },

  'hub.users.list': { circle: 'admins', say: none },
  'hub.users.create': { circle: 'admins', say: () => ({ input: { username: 'member', password: commonPassword } }) },
  'hub.users.get': { of: 'user', circle: 'memberOrAdminOrReadKey', say: userId },
  'hub.users.update': { of: 'user', circle: 'memberOrAdmin', say: (place) => ({ ...userId(place), input: {} }) },
  'hub.users.remove': { of: 'user', circle: 'admins', say: userId, fresh: true },
  'hub.users.approve': { of: 'user', circle: 'admins', say: userId },

  'hub.groups.list': { circle: 'signedIn', say: none },
  'hub.groups.create': { circle: 'groupMakers', say: () => ({ input: { name: 'shared' } }) },
  'hub.groups.get': { group: 'see', say: groupId },
  'hub.groups.update': { group: 'lead', say: (place) => ({ ...groupId(place), input: {} }) },
  'hub.groups.remove': { group: 'lead', say: groupId, fresh: true },
  'hub.members.list': { group: 'see', say: groupId },
  'hub.members.add': {
    group: 'lead',
    say: (place) => ({ ...groupId(place), input: { userId: place.world.targets.userId } }),
  },
  'hub.members.remove': { group: 'lead', say: groupAndMember, fresh: true },
  'hub.members.change': { group: 'lead', say: (place) => ({ ...groupAndMember(place), input: { role: 'member' } }) },
  'hub.members.approve': { group: 'lead', say: groupAndMember },
  'hub.groupServers.list': { group: 'see', say: groupId },
  'hub.groupServers.add': { elsewhere: 'needs a right at the server besides: requests.test.ts' },
  'hub.groupServers.change': { group: 'lead', say: (place) => ({ ...groupAndServer(place), input: {} }) },
  'hub.groupServers.remove': { group: 'lead', say: groupAndServer, fresh: true },

  'hub.auth.login': { open: true },
  'hub.auth.refresh': { open: true },
  'hub.auth.logout': { elsewhere: 'ends the session that asks: compat/hub/tokens.test.ts' },
  'hub.auth.verify': { circle: 'signedIn', say: none },
  'hub.keys.list': { circle: 'unconfined', say: none },
  'hub.keys.create': { circle: 'people', say: () => ({ input: { name: 'x', servers: ['ghost'] } }) },
  'hub.keys.update': { of: 'key', circle: 'memberOrAdmin', say: (place) => ({ ...keyId(place), input: {} }) },
  'hub.keys.revoke': { of: 'key', circle: 'memberOrAdmin', say: keyId, fresh: true },
  'hub.mfa.enable': { circle: 'people', say: () => ({ input: wrong }) },
  'hub.mfa.verify': { circle: 'people', say: () => ({ input: { code: '000000' } }) },
  'hub.mfa.disable': { circle: 'people', say: () => ({ input: wrong }) },
  'hub.monitoring.status': { circle: 'signedIn', say: none },
  'hub.audit.logs': { circle: 'unconfined', say: none },
  'hub.jobs.list': { circle: 'admins', say: none },
  'hub.jobs.retry': { circle: 'admins', nowhere: true, say: () => ({ params: { jobId: noJob } }) },
  'hub.jobs.drop': { circle: 'admins', nowhere: true, say: () => ({ params: { jobId: noJob } }) },

  'registry.servers.list': { circle: 'signedIn', say: none },
  'registry.servers.register': {
    circle: 'notViewers',
    say: () => ({ input: { id: 'shared', type: 'streamable-http', url: 'http://127.0.0.1:1/mcp' } }),
  },
  'registry.servers.get': { server: 'see', say: serverId },
  'registry.servers.remove': { server: 'manage', say: serverId, fresh: true },
  'registry.servers.restart': { server: 'manage', say: serverId },
  'registry.servers.status': { server: 'see', say: serverId },
  'registry.servers.tools': { server: 'see', say: serverId },
  'registry.tools.callOnServer': {
    server: 'use',
    say: ({ id }) => ({ params: { serverId: id, toolName: 'echo' }, input: { text: 'hi' } }),
  },
  'registry.tools.callAnywhere': {
    server: 'use',
    absent: 500,
    say: ({ id }) => ({ input: { toolName: `${id}/echo`, arguments: { text: 'hi' } } }),
  },
  'registry.monitoring.health': { circle: 'signedIn', say: none },
  'registry.monitoring.statistics': { circle: 'signedIn', say: none },
};
