import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tables } from '@switchboard/db';
import type { Actor } from '../actor.ts';
import { createServer, getServer, listServers } from '../servers/verbs.ts';
import { makeRemoteDraft, makeTestCore, type TestCore } from '../testing.ts';
import { addMember, approveMember, leaveGroup, listMembers, removeMember, updateMember } from './members.ts';
import { addServerToGroup } from './servers.ts';
import { createGroup, getGroup, listGroups, removeGroup, updateGroup } from './verbs.ts';

type Person = Extract<Actor, { type: 'user' }>;

let hub: TestCore;
let manager: Person;
let user: Person;
let serial = 0;
beforeAll(async () => {
  hub = await makeTestCore();
});
afterAll(() => hub.close());
beforeEach(async () => {
  serial += 1;
  [manager, user] = [await hub.addUser('manager'), await hub.addUser('user')];
});

function name(stem: string): string {
  return `${stem}-${serial}`;
}
const absent = { code: 'not_found' };
const refused = { code: 'forbidden' };
const conflict = { code: 'conflict' };

async function makeServer(id: string, owner: Actor = hub.admin) {
  return createServer(hub.ctx(owner), makeRemoteDraft({ id }));
}

describe('createGroup', () => {
  it('takes the body of the hub API, row 32', async () => {
    const group = await createGroup(hub.ctx(), {
      name: 'dev-team',
      displayName: '开发团队',
      description: '前端和后端开发人员',
      parentGroup: null,
      permissions: { servers: ['read', 'write', 'execute'], tools: ['read', 'execute'] },
      settings: { autoAssign: false, maxMembers: 50, requireApproval: true },
    });
    expect(group).toMatchObject({
      id: 'dev-team',
      displayName: '开发团队',
      parentGroup: null,
      permissions: { servers: ['read', 'write', 'execute'], tools: ['read', 'execute'] },
      settings: { autoAssign: false, maxMembers: 50, requireApproval: true },
      memberCount: 0,
      serverCount: 0,
      children: [],
    });
  });

  it('shares one namespace with servers, and refuses reserved words', async () => {
    await makeServer(name('taken'));
    await expect(createGroup(hub.ctx(), { name: name('TAKEN') })).rejects.toMatchObject(conflict);
    await createGroup(hub.ctx(), { name: name('group') });
    await expect(makeServer(name('Group'))).rejects.toMatchObject(conflict);
    await expect(createGroup(hub.ctx(), { name: 'mcp' })).rejects.toMatchObject({ code: 'invalid' });
  });

  it('slugs a free name, and finds one where nothing is left', async () => {
    expect(await createGroup(hub.ctx(), { name: `Ops & Más ${serial}` })).toMatchObject({ id: `Ops-Mas-${serial}` });
    const group = await createGroup(hub.ctx(), { name: '运维' });
    expect(group).toMatchObject({
      id: expect.stringMatching(/^group-[a-z2-7]{6}$/),
      name: '运维',
      displayName: '运维',
    });
  });

  it('makes a manager the group’s first manager, and is refused to users', async () => {
    const group = await createGroup(hub.ctx(manager), { name: name('mine') });
    expect(group).toMatchObject({ membership: 'manager', memberCount: 1, can: { update: true, widen: false } });
    for (const actor of [user, await hub.addUser('viewer')]) {
      await expect(createGroup(hub.ctx(actor), { name: name('no') })).rejects.toMatchObject(refused);
    }
  });

  it('adds to what may be done what has to be seen for it', async () => {
    const group = await createGroup(hub.ctx(), { name: name('g'), permissions: { servers: ['execute'], tools: [] } });
    expect(group.permissions).toEqual({ servers: ['read', 'execute'], tools: [] });
  });
});

describe('nesting', () => {
  it('gives members what the groups above have, never the reverse', async () => {
    const top = await createGroup(hub.ctx(), { name: name('top') });
    const child = await createGroup(hub.ctx(), { name: name('child'), parentGroup: top.id });
    await makeServer(name('above'));
    await makeServer(name('below'));
    await addServerToGroup(hub.ctx(), { groupId: top.id, serverId: name('above') });
    await addServerToGroup(hub.ctx(), { groupId: child.id, serverId: name('below') });
    const other = await hub.addUser('user');
    await addMember(hub.ctx(), { groupId: child.id, userId: user.id });
    await addMember(hub.ctx(), { groupId: top.id, userId: other.id });
    async function seen(actor: Actor) {
      return (await listServers(hub.ctx(actor), { sort: 'id' })).items.map(({ id }) => id);
    }
    expect(await seen(user)).toEqual([name('above'), name('below')]);
    expect(await seen(other)).toEqual([name('above')]);
    expect(await getGroup(hub.ctx(user), { id: top.id })).toMatchObject({
      membership: 'inherited',
      children: [child.id],
    });
    expect(await getGroup(hub.ctx(other), { id: top.id })).toMatchObject({ membership: 'member', children: [] });
    await expect(getGroup(hub.ctx(other), { id: child.id })).rejects.toMatchObject(absent);
    await updateGroup(hub.ctx(), { id: child.id, patch: { parentGroup: null } });
    expect(await seen(user)).toEqual([name('below')]);
  });

  it('refuses circles, however long, also two changes that make one together', async () => {
    const ids: string[] = [];
    for (let level = 0; level < 4; level += 1) {
      const parentGroup = ids.at(-1) ?? null;
      ids.push((await createGroup(hub.ctx(), { name: name(`level${level}`), parentGroup })).id);
    }
    const circle = { code: 'invalid', details: { field: 'parentGroup' } };
    const [top = '', , , bottom = ''] = ids;
    for (const parentGroup of ids) {
      await expect(updateGroup(hub.ctx(), { id: top, patch: { parentGroup } })).rejects.toMatchObject(circle);
    }
    const lone = await createGroup(hub.ctx(), { name: name('lone') });
    const both = await Promise.allSettled([
      updateGroup(hub.ctx(), { id: top, patch: { parentGroup: lone.id } }),
      updateGroup(hub.ctx(), { id: lone.id, patch: { parentGroup: bottom } }),
    ]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('lets nobody reach up: a parent has to be one’s own to manage', async () => {
    const high = await createGroup(hub.ctx(), { name: name('high') });
    const mine = await createGroup(hub.ctx(manager), { name: name('mine') });
    const climb = updateGroup(hub.ctx(manager), { id: mine.id, patch: { parentGroup: high.id } });
    await expect(climb).rejects.toMatchObject({ code: 'invalid', details: { field: 'parentGroup' } });
    await addMember(hub.ctx(), { groupId: high.id, userId: manager.id });
    const asMember = updateGroup(hub.ctx(manager), { id: mine.id, patch: { parentGroup: high.id } });
    await expect(asMember).rejects.toMatchObject(refused);
    const child = createGroup(hub.ctx(manager), { name: name('child'), parentGroup: high.id });
    await expect(child).rejects.toMatchObject(refused);
    await updateMember(hub.ctx(), { groupId: high.id, userId: manager.id, role: 'manager' });
    await createGroup(hub.ctx(manager), { name: name('child'), parentGroup: high.id });
  });

  it('keeps a group with others below it', async () => {
    const top = await createGroup(hub.ctx(), { name: name('top') });
    const child = await createGroup(hub.ctx(), { name: name('child'), parentGroup: top.id });
    await expect(removeGroup(hub.ctx(), { id: top.id })).rejects.toMatchObject(conflict);
    await removeGroup(hub.ctx(), { id: child.id });
    await removeGroup(hub.ctx(), { id: top.id });
    await createGroup(hub.ctx(), { name: name('top') });
  });
});

describe('members', () => {
  it('wait for approval where the group wants it, without any right', async () => {
    const group = await createGroup(hub.ctx(), { name: name('g'), settings: { requireApproval: true } });
    await makeServer(name('s'));
    await addServerToGroup(hub.ctx(), { groupId: group.id, serverId: name('s') });
    const member = await addMember(hub.ctx(), { groupId: group.id, userId: user.username });
    expect(member).toMatchObject({ userId: user.id, username: user.username, role: 'member', status: 'pending' });
    await expect(getServer(hub.ctx(user), { id: name('s') })).rejects.toMatchObject(absent);
    await expect(getGroup(hub.ctx(user), { id: group.id })).rejects.toMatchObject(absent);
    await expect(approveMember(hub.ctx(user), { groupId: group.id, userId: user.id })).rejects.toMatchObject(refused);
    expect(await approveMember(hub.ctx(), { groupId: group.id, userId: user.id })).toMatchObject({ status: 'active' });
    expect(await getServer(hub.ctx(user), { id: name('s') })).toMatchObject({ can: { use: true, configure: false } });
  });

  it('are no more than the group takes, those who wait counted, also at the same time', async () => {
    const group = await createGroup(hub.ctx(), { name: name('g'), settings: { maxMembers: 2 } });
    const people = [user, manager, await hub.addUser('user'), await hub.addUser('user')];
    const all = await Promise.allSettled(
      people.map(({ id }) => addMember(hub.ctx(), { groupId: group.id, userId: id })),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(all.find(({ status }) => status === 'rejected')).toMatchObject({ reason: conflict });
    expect(await getGroup(hub.ctx(), { id: group.id })).toMatchObject({ memberCount: 2 });
  });

  it('are members once', async () => {
    const group = await createGroup(hub.ctx(), { name: name('g') });
    await addMember(hub.ctx(), { groupId: group.id, userId: user.id });
    const again = addMember(hub.ctx(), { groupId: group.id, userId: user.id });
    await expect(again).rejects.toMatchObject({ ...conflict, details: { field: 'userId' } });
    await expect(addMember(hub.ctx(), { groupId: group.id, userId: 'nobody' })).rejects.toMatchObject(absent);
    await expect(removeMember(hub.ctx(), { groupId: group.id, userId: manager.id })).rejects.toMatchObject(absent);
  });

  it('are managed by the group’s managers and nobody else', async () => {
    const group = await createGroup(hub.ctx(manager), { name: name('g') });
    const foreign = await createGroup(hub.ctx(), { name: name('foreign') });
    await addMember(hub.ctx(manager), { groupId: group.id, userId: user.id });
    const other = await hub.addUser('manager');
    function add(actor: Actor, groupId: string) {
      return addMember(hub.ctx(actor), { groupId, userId: other.id });
    }
    await expect(add(manager, foreign.id)).rejects.toMatchObject(absent);
    await expect(add(other, group.id)).rejects.toMatchObject(absent);
    await expect(add(user, group.id)).rejects.toMatchObject(refused);
    await updateMember(hub.ctx(manager), { groupId: group.id, userId: user.id, role: 'manager' });
    await add(user, group.id);
    await removeMember(hub.ctx(user), { groupId: group.id, userId: other.id });
  });

  it('see each other, not who waits; and leave by themselves', async () => {
    const group = await createGroup(hub.ctx(), { name: name('g') });
    await addMember(hub.ctx(), { groupId: group.id, userId: user.id });
    await updateGroup(hub.ctx(), { id: group.id, patch: { settings: { requireApproval: true } } });
    await addMember(hub.ctx(), { groupId: group.id, userId: manager.id });
    async function seen(actor: Actor) {
      return (await listMembers(hub.ctx(actor), { groupId: group.id })).map(({ userId }) => userId);
    }
    expect(await seen(user)).toEqual([user.id]);
    expect((await seen(hub.admin)).toSorted()).toEqual([manager.id, user.id].toSorted());
    await leaveGroup(hub.ctx(user), { groupId: group.id });
    await leaveGroup(hub.ctx(manager), { groupId: group.id });
    await expect(leaveGroup(hub.ctx(user), { groupId: group.id })).rejects.toMatchObject(absent);
    expect(await seen(hub.admin)).toEqual([]);
  });

  it('go with their account', async () => {
    const group = await createGroup(hub.ctx(), { name: name('g') });
    await addMember(hub.ctx(), { groupId: group.id, userId: user.id });
    await hub.testDb.db.delete(tables.users).where(eq(tables.users.id, user.id));
    expect(await listMembers(hub.ctx(), { groupId: group.id })).toEqual([]);
  });
});

describe('updateGroup', () => {
  it('lets managers narrow permissions, and only admins widen them', async () => {
    const group = await createGroup(hub.ctx(manager), { name: name('g') });
    function set(actor: Actor, servers: ('read' | 'write' | 'execute')[]) {
      return updateGroup(hub.ctx(actor), { id: group.id, patch: { permissions: { servers } } });
    }
    expect(await set(manager, ['read'])).toMatchObject({
      permissions: { servers: ['read'], tools: ['read', 'execute'] },
    });
    await expect(set(manager, ['write'])).rejects.toMatchObject(refused);
    expect(await set(hub.admin, ['write'])).toMatchObject({ permissions: { servers: ['read', 'write'] } });
  });

  it('changes what is given and keeps the rest', async () => {
    const group = await createGroup(hub.ctx(), { name: name('g'), settings: { maxMembers: 3 } });
    const patch = { displayName: 'Other', settings: { requireApproval: true } };
    expect(await updateGroup(hub.ctx(), { id: group.id, patch })).toMatchObject({
      id: group.id,
      displayName: 'Other',
      settings: { autoAssign: false, maxMembers: 3, requireApproval: true },
    });
  });
});

describe('listGroups', () => {
  it('shows each what is its own, searched, sorted and paged', async () => {
    await using quiet = await makeTestCore();
    const [boss, worker] = [await quiet.addUser('manager'), await quiet.addUser('user')];
    await createGroup(quiet.ctx(), { name: 'alpha', description: 'Greek letters' });
    await createGroup(quiet.ctx(boss), { name: 'beta' });
    await createGroup(quiet.ctx(), { name: 'gamma', parentGroup: 'alpha' });
    await addMember(quiet.ctx(), { groupId: 'gamma', userId: worker.id });
    async function ids(actor: Actor, input: Parameters<typeof listGroups>[1] = { sort: 'name' }) {
      return (await listGroups(quiet.ctx(actor), input)).items.map(({ id }) => id);
    }
    expect(await ids(quiet.admin)).toEqual(['alpha', 'beta', 'gamma']);
    expect(await ids(boss)).toEqual(['beta']);
    expect(await ids(worker)).toEqual(['alpha', 'gamma']);
    expect(await ids(await quiet.addUser('viewer'))).toEqual([]);
    expect(await ids(quiet.admin, { search: 'GREEK' })).toEqual(['alpha']);
    expect(await ids(quiet.admin, { parentGroup: 'alpha' })).toEqual(['gamma']);
    expect(await ids(quiet.admin, { parentGroup: null, sort: 'members', order: 'desc' })).toEqual(['beta', 'alpha']);
    expect(await ids(quiet.admin, { member: worker.id })).toEqual(['gamma']);
    expect((await listGroups(quiet.ctx(), { sort: 'name', limit: 2, page: 2 })).items).toHaveLength(1);
  });
});
