import { afterAll, beforeAll, expect, it } from 'vitest';
import { createServer, removeServer, updateServer } from '../servers/verbs.ts';
import { makeRemoteDraft, makeTestCore, type TestCore } from '../testing.ts';
import { diffGroupVersions, listGroupVersions, restoreGroup } from './history.ts';
import { addMember, listMembers, removeMember } from './members.ts';
import { addServerToGroup, listGroupServers, removeServerFromGroup, updateGroupServer } from './servers.ts';
import { createGroup, getGroup, removeGroup, updateGroup } from './verbs.ts';

let hub: TestCore;
beforeAll(async () => {
  hub = await makeTestCore();
  for (const id of ['one', 'two', 'hidden']) await createServer(hub.ctx(), makeRemoteDraft({ id }));
});
afterAll(() => hub?.close());

async function numbersOf(id: string) {
  return (await listGroupVersions(hub.ctx(), { id })).versions.map(({ number }) => number);
}
function changesIn({ lines }: { lines: { type: string; text?: string }[] }) {
  return lines.flatMap(({ type, text }) => (type === 'add' || type === 'remove' ? [`${type} ${text}`] : []));
}

it('keeps what a group was, and makes it that again without letting anybody in', async () => {
  const ctx = hub.ctx();
  const id = 'team';
  const member = await hub.addUser('user');
  await createGroup(ctx, { name: id });
  await addMember(ctx, { groupId: id, userId: member.id });
  await addServerToGroup(ctx, { groupId: id, serverId: 'one', alias: 'first' });
  await removeMember(ctx, { groupId: id, userId: member.id });
  await updateGroupServer(ctx, { groupId: id, serverId: 'one', alias: null, chosen: ['tool'] });
  await addServerToGroup(ctx, { groupId: id, serverId: 'two', permissions: ['read'] });
  await updateGroup(ctx, { id, patch: { description: 'changed', settings: { maxMembers: 3 } } });
  await updateGroup(ctx, { id, patch: { description: 'changed' } });
  expect(await numbersOf(id)).toEqual([5, 4, 3, 2, 1]);
  expect(changesIn((await diffGroupVersions(ctx, { id, from: 2, to: 3 })).settings)).toEqual([
    'remove     alias: first',
    'add     chosen:',
    'add       - tool',
  ]);
  const restored = await restoreGroup(ctx, { id, number: 2 });
  expect(restored).toMatchObject({ description: '', serverCount: 1, settings: { maxMembers: null } });
  expect(await listGroupServers(ctx, { id })).toMatchObject([{ serverId: 'one', alias: 'first', chosen: [] }]);
  expect(await listMembers(ctx, { groupId: id })).toEqual([]);
  expect((await listGroupVersions(ctx, { id })).versions[0]).toMatchObject({ number: 6, by: 'admin', restored: 2 });
  await restoreGroup(ctx, { id, number: 5 });
  expect(await listGroupServers(ctx, { id })).toMatchObject([
    { serverId: 'one', alias: null, chosen: ['tool'] },
    { serverId: 'two', permissions: ['read'] },
  ]);
});

it('refuses a version of what is gone, and names all of it', async () => {
  const ctx = hub.ctx();
  await createServer(ctx, makeRemoteDraft({ id: 'short' }));
  await createGroup(ctx, { name: 'above' });
  await createGroup(ctx, { name: 'below', parentGroup: 'above' });
  await addServerToGroup(ctx, { groupId: 'below', serverId: 'short' });
  await removeServer(ctx, { id: 'short' });
  // That it left is a version too, by whoever removed it.
  expect(await numbersOf('below')).toEqual([3, 2, 1]);
  await updateGroup(ctx, { id: 'below', patch: { parentGroup: null } });
  await removeGroup(ctx, { id: 'above' });
  await expect(restoreGroup(ctx, { id: 'below', number: 2 })).rejects.toMatchObject({
    code: 'precondition',
    message:
      "Version 2 cannot be restored: the group 'above' above it is not there any more; these servers are not there any more: short.",
  });
  expect(await getGroup(ctx, { id: 'below' })).toMatchObject({ parentGroup: null, serverCount: 0 });
});

it('gives its manager no more than he has, and tells him of no server that he does not see', async () => {
  const ctx = hub.ctx();
  const manager = await hub.addUser('user');
  await createGroup(ctx, { name: 'led', permissions: { servers: ['read', 'write', 'execute'] } });
  await addMember(ctx, { groupId: 'led', userId: manager.id, role: 'manager' });
  await addServerToGroup(ctx, { groupId: 'led', serverId: 'hidden' });
  await addServerToGroup(ctx, { groupId: 'led', serverId: 'two', permissions: ['read', 'write', 'execute'] });
  await updateServer(ctx, { id: 'hidden', patch: { visibility: 'private' } });
  await updateGroup(ctx, { id: 'led', patch: { permissions: { servers: ['read'] } } });
  const of = hub.ctx(manager);
  const { settings } = await diffGroupVersions(of, { id: 'led', from: 1, to: 3 });
  expect(JSON.stringify(settings)).toContain('two');
  expect(JSON.stringify(settings)).not.toContain('hidden');
  await expect(restoreGroup(of, { id: 'led', number: 3 })).rejects.toMatchObject({ code: 'forbidden' });
  await removeServerFromGroup(ctx, { groupId: 'led', serverId: 'two' });
  await expect(restoreGroup(of, { id: 'led', number: 4 })).rejects.toMatchObject({ code: 'not_found' });
  // What leaves out what he may take out is his to do; the server that he does not see stays.
  await updateGroup(ctx, { id: 'led', patch: { description: 'later' } });
  await restoreGroup(of, { id: 'led', number: 5 });
  expect((await listGroupServers(ctx, { id: 'led' })).map(({ serverId }) => serverId)).toEqual(['hidden']);
  const other = await hub.addUser('user');
  await expect(listGroupVersions(hub.ctx(other), { id: 'led' })).rejects.toMatchObject({ code: 'forbidden' });
});
