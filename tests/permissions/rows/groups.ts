import {
  byGroup,
  byId,
  groupAnd,
  groupAndMemberInPath,
  groupAndServerInPath,
  groupInPath,
  none,
  nothingChanges,
  theMember,
  theServer,
} from './kit.ts';
import type { Rows } from './row.ts';

export const trpc: Rows = {
  'groups.list': { circle: 'signedIn', say: () => ({ input: {} }) },
  'groups.get': { group: 'see', say: byId },
  'groups.create': { circle: 'groupMakers', say: () => ({ input: { name: 'shared' } }) },
  'groups.update': { group: 'lead', say: nothingChanges },
  'groups.versions': { group: 'lead', say: byId },
  'groups.diff': { group: 'lead', say: ({ id }) => ({ input: { id, from: 1, to: 1 } }) },
  'groups.restore': { group: 'lead', say: ({ id }) => ({ input: { id, number: 1 } }), fresh: true },
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
};

export const rest: Rows = {
  'hub.groups.list': { circle: 'signedIn', say: none },
  'hub.groups.create': { circle: 'groupMakers', say: () => ({ input: { name: 'shared' } }) },
  'hub.groups.get': { group: 'see', say: groupInPath },
  'hub.groups.update': { group: 'lead', say: (place) => ({ ...groupInPath(place), input: {} }) },
  'hub.groups.remove': { group: 'lead', say: groupInPath, fresh: true },
  'hub.members.list': { group: 'see', say: groupInPath },
  'hub.members.add': {
    group: 'lead',
    say: (place) => ({ ...groupInPath(place), input: { userId: place.world.targets.userId } }),
  },
  'hub.members.remove': { group: 'lead', say: groupAndMemberInPath, fresh: true },
  'hub.members.change': {
    group: 'lead',
    say: (place) => ({ ...groupAndMemberInPath(place), input: { role: 'member' } }),
  },
  'hub.members.approve': { group: 'lead', say: groupAndMemberInPath },
  'hub.groupServers.list': { group: 'see', say: groupInPath },
  'hub.groupServers.add': { elsewhere: 'needs a right at the server besides: requests.test.ts' },
  'hub.groupServers.change': { group: 'lead', say: (place) => ({ ...groupAndServerInPath(place), input: {} }) },
  'hub.groupServers.remove': { group: 'lead', say: groupAndServerInPath, fresh: true },
};
