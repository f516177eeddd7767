import type { Place, Row, Said } from './row.ts';

/** What rows of several entities say. */

export const noJob = '00000000-0000-4000-8000-000000000000';
export const wrong = { password: 'not this one' };

export function none(): Said {
  return {};
}

export function byId({ id }: Place): Said {
  return { input: { id } };
}
export function nothingChanges({ id }: Place): Said {
  return { input: { id, patch: {} } };
}
export function byGroup({ id }: Place): Said {
  return { input: { groupId: id } };
}
export function groupAnd(more: (place: Place) => object) {
  return (place: Place): Said => ({
    input: { groupId: place.id, ...more(place) },
  });
}
export function theMember({ world }: Place) {
  return { userId: world.targets.userId };
}
export function theServer() {
  return { serverId: 'shared' };
}

export function serverInPath({ id }: Place): Said {
  return { params: { serverId: id } };
}
export function groupInPath({ id }: Place): Said {
  return { params: { groupId: id } };
}
export function userInPath({ id }: Place): Said {
  return { params: { userId: id } };
}
export function keyInPath({ id }: Place): Said {
  return { params: { keyId: id } };
}
export function groupAndMemberInPath({ id, world }: Place): Said {
  return { params: { groupId: id, userId: world.targets.userId } };
}
export function groupAndServerInPath({ id }: Place): Said {
  return { params: { groupId: id, serverId: 'shared' } };
}

/** Something on an engine: whose it is decides too, see containers.test.ts. */
export function ghost(input: object): Row {
  return { circle: 'keepers', say: () => ({ input }), nowhere: true };
}
export function ghostContainer(more: object = {}) {
  return ghost({ id: 'ghost', ...more });
}
export function ghostContainerInPath(query?: string): Row {
  return {
    circle: 'keepers',
    say: () => ({ params: { container_id: 'ghost' }, ...(query !== undefined && { query }) }),
    nowhere: true,
  };
}
/** Something that is made on an engine. */
export function ghostToMake(input: object): Row {
  return { ...ghost(input), circle: 'makers' };
}
export const wholeEngine: Row = { circle: 'makers', say: () => ({ input: {} }) };
export const onEngine: Row = { circle: 'keepers', say: () => ({ input: {} }) };
export const ghostRun = { elsewhere: 'a stream: containers.test.ts' };
