import { commonPassword } from '../support/people.ts';
import type { Place, Row, Rows, Said } from './rows.ts';

/** Who may call each procedure. A procedure without a row fails the suite. */

function byId({ id }: Place): Said {
  return { input: { id } };
}
const noJob = '00000000-0000-4000-8000-000000000000';
function none(): Said {
  return {};
}
function nothingChanges({ id }: Place): Said {
  return { input: { id, patch: {} } };
}
function byGroup({ id }: Place): Said {
  return { input: { groupId: id } };
}
function groupAnd(more: (place: Place) => object) {
  return (place: Place): Said => ({
    input: { groupId: place.id, ...more(place) },
  });
}
function theMember({ world }: Place) {
  return { userId: world.targets.userId };
}
function theServer() {
  return { serverId: 'shared' };
}
const wrong = { password: 'not this one' };

/** Something on an engine: whose it is decides too, see containers.test.ts. */
function ghost(input: object): Row {
  return { circle: 'keepers', say: () => ({ input }), nowhere: true };
}
function ghostContainer(more: object = {}) {
  return ghost({ id: 'ghost', ...more });
}
/** Something that is made on an engine. */
function ghostToMake(input: object): Row {
  return { ...ghost(input), circle: 'makers' };
}
const wholeEngine: Row = { circle: 'makers', say: () => ({ input: {} }) };
const onEngine: Row = { circle: 'keepers', say: () => ({ input: {} }) };
const ghostRun = { elsewhere: 'a stream: containers.test.ts' };

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
  'account.sessions': { circle: 'unconfined', say: none },
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
  'users.sessions': { of: 'user', circle: 'memberOrAdminOrReadKey', say: ({ id }) => ({ input: { userId: id } }) },
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
  'servers.setOthers': { server: 'manage', say: ({ id }) => ({ input: { id, type: 'tool', enabled: true } }) },
  'servers.logs': { server: 'manage', say: byId },
  'servers.reveal': { server: 'own', say: ({ id }) => ({ input: { id, field: 'headers', name: 'x-secret' } }) },
  'servers.give': { server: 'give', say: ({ id }) => ({ input: { id, owner: 'member' } }), fresh: true },
  'servers.fromService': {
    ...ghost({ stackId: 'ghost', service: 'web', port: 1 }),
    circle: 'unconfinedKeepers',
  },
  'servers.toContainer': { server: 'manage', say: byId },
  'servers.toProcess': { server: 'manage', say: byId },
  'servers.importConfig': {
    circle: 'notViewers',
    say: () => ({ input: { text: '{"mcpServers":{}}', apply: true, onConflict: 'skip' } }),
  },
  'servers.exportConfig': { elsewhere: 'what is not seen is not in it: lists.test.ts' },
  'servers.addDemo': { circle: 'admins', say: none },

  'calls.list': { circle: 'signedIn', say: () => ({ input: {} }) },
  'calls.callers': { circle: 'signedIn', say: () => ({ input: {} }) },
  'calls.get': { elsewhere: 'a call of somebody else is absent: lists.test.ts' },

  'audit.list': { circle: 'unconfined', say: () => ({ input: {} }) },
  'audit.get': { circle: 'unconfined', nowhere: true, say: () => ({ input: { id: '999999999' } }) },
  'audit.retention': { circle: 'unconfined', say: none },
  'audit.setRetention': { circle: 'admins', say: () => ({ input: {} }) },

  'jobs.list': { circle: 'admins', say: none },
  'jobs.retry': { circle: 'admins', nowhere: true, say: () => ({ input: { id: noJob } }) },
  'jobs.drop': { circle: 'admins', nowhere: true, say: () => ({ input: { id: noJob } }) },

  'system.overview': { circle: 'signedIn', say: none },
  'system.info': { circle: 'signedIn', say: none },
  'live.events': { elsewhere: 'tells only of what is seen: lists.test.ts' },
  'playground.hold': { elsewhere: 'opened only by the same credential, as a run: hub/trpc.test.ts' },
  'playground.run': { elsewhere: 'a stream: lists.test.ts' },
  'playground.tools': { server: 'use', say: ({ id }) => ({ input: { serverId: id } }) },
  'playground.follow': { elsewhere: 'only the run of the same credential: hub/trpc.test.ts' },
  'playground.cancel': { elsewhere: 'only the run of the same credential: hub/trpc.test.ts' },
  'playground.answer': { elsewhere: 'only the run of the same credential: hub/trpc.test.ts' },

  'engines.list': onEngine,
  'engines.overview': wholeEngine,
  'engines.diskUsage': wholeEngine,
  'engines.look': wholeEngine,
  'engines.runs': onEngine,
  'engines.run': ghostRun,
  'engines.usage': ghostRun,
  'engines.cancelRun': ghost({ runId: 'ghost' }),

  'containers.list': onEngine,
  'containers.get': ghostContainer(),
  'containers.inspect': ghostContainer(),
  'containers.create': ghostToMake({ image: 'ghost', name: 'a', pull: 'never', privileged: false }),
  'containers.start': ghostContainer(),
  'containers.stop': ghostContainer(),
  'containers.restart': ghostContainer(),
  'containers.pause': ghostContainer(),
  'containers.unpause': ghostContainer(),
  'containers.kill': ghostContainer(),
  'containers.rename': ghostContainer({ name: 'other' }),
  'containers.update': ghostContainer(),
  'containers.remove': ghostContainer(),
  'containers.bulk': ghost({ ids: ['ghost'], action: 'stop' }),
  'containers.logs': ghostContainer(),
  'containers.followLogs': ghostRun,
  'containers.stats': ghostRun,
  'containers.exec': ghostContainer({ command: ['true'] }),
  'containers.openTerminal': ghostContainer(),
  'containers.terminal': ghostRun,
  'containers.writeTerminal': ghost({ terminalId: 'ghost', data: '' }),
  'containers.resizeTerminal': ghost({ terminalId: 'ghost', size: { columns: 80, rows: 24 } }),
  'containers.closeTerminal': ghost({ terminalId: 'ghost' }),
  'containers.files': ghostContainer({ path: '/' }),
  'containers.readFile': ghostContainer({ path: '/etc/passwd' }),
  'containers.writeFiles': ghostContainer({ directory: '/tmp', files: [{ path: 'a', text: '' }] }),
  'containers.copyIn': ghostContainer({ directory: '/tmp', archive: '' }),

  'images.list': onEngine,
  'images.get': ghost({ image: 'ghost' }),
  'images.pull': ghostToMake({ image: 'switchboard-ghost/none' }),
  'images.build': ghostToMake({
    tag: 'ghost',
    context: { kind: 'files', files: [{ path: 'Dockerfile', text: 'FROM scratch' }] },
  }),
  'images.tag': ghostToMake({ image: 'ghost', as: 'other' }),
  'images.remove': ghost({ image: 'ghost' }),
  'images.prunePreview': onEngine,
  'images.prune': ghost({ ids: ['ghost'] }),

  'volumes.list': onEngine,
  'volumes.get': ghost({ name: 'ghost' }),
  'volumes.create': ghostToMake({ name: '-' }),
  'volumes.remove': ghost({ name: 'ghost' }),
  'volumes.prunePreview': onEngine,
  'volumes.prune': ghost({ names: ['ghost'] }),

  'networks.list': onEngine,
  'networks.get': ghost({ network: 'ghost' }),
  'networks.create': ghostToMake({ name: '-' }),
  'networks.remove': ghost({ network: 'ghost' }),
  'networks.prunePreview': onEngine,
  'networks.prune': ghost({ ids: ['ghost'] }),

  'stacks.list': onEngine,
  'stacks.get': ghost({ id: 'ghost' }),
  'stacks.check': ghostToMake({ content: 'no stack' }),
  'stacks.create': ghostToMake({ content: 'no stack' }),
  'stacks.update': ghost({ id: 'ghost' }),
  'stacks.revealEnv': ghost({ id: 'ghost' }),
  'stacks.adopt': ghostToMake({ project: 'ghost' }),
  'stacks.up': ghost({ id: 'ghost' }),
  'stacks.down': ghost({ id: 'ghost' }),
  'stacks.stop': ghost({ id: 'ghost' }),
  'stacks.restart': ghost({ id: 'ghost' }),
  'stacks.scale': ghost({ id: 'ghost', service: 'web', replicas: 1 }),
  'stacks.updates': ghost({ id: 'ghost' }),
  'stacks.remove': ghost({ id: 'ghost' }),
  'stacks.logs': ghost({ id: 'ghost' }),
  'stacks.followLogs': ghostRun,
};
