import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runtimeCredentialOf } from '../access/credential.ts';
import { explain, explainUser } from '../access/explain.ts';
import type { Actor } from '../actor.ts';
import { callTool } from '../calls/verbs.ts';
import { createKey, listKeys } from '../keys/verbs.ts';
import { listItems, setItem } from '../servers/items.ts';
import { testServer } from '../servers/lifecycle.ts';
import { createServer, getServer, listServers, removeServer, updateServer } from '../servers/verbs.ts';
import { makeRemoteDraft, makeTestCore, type TestCore } from '../testing.ts';
import { chooseGroupItems, getGroupExposure, listGroupItems, setGroupItem } from './items.ts';
import { addMember, removeMember } from './members.ts';
import { addServerToGroup, listGroupServers, removeServerFromGroup, updateGroupServer } from './servers.ts';
import { createGroup, removeGroup, updateGroup } from './verbs.ts';

type Person = Extract<Actor, { type: 'user' }>;

let hub: TestCore;
let user: Person;
let manager: Person;
beforeAll(async () => {
  hub = await makeTestCore();
});
afterAll(() => hub.close());

let group = '';
let files = '';
let serial = 0;
beforeEach(async () => {
  serial += 1;
  [group, files] = [`team-${serial}`, `files-${serial}`];
  [user, manager] = [await hub.addUser('user'), await hub.addUser('manager')];
  hub.runtime.setCatalog(files, ['read', 'write', 'constructor']);
  await createServer(hub.ctx(), makeRemoteDraft({ id: files, headers: { authorization: 'Bearer planted' } }));
  await createGroup(hub.ctx(), { name: group, permissions: { servers: ['read', 'write', 'execute'] } });
  await addMember(hub.ctx(), { groupId: group, userId: user.id });
  await addMember(hub.ctx(), { groupId: group, userId: manager.id, role: 'manager' });
});

function share(permissions: ('read' | 'write' | 'execute')[] = ['execute'], alias?: string) {
  return addServerToGroup(hub.ctx(), {
    groupId: group,
    serverId: files,
    permissions,
    ...(alias !== undefined && { alias }),
  });
}
function at(endpoint: string, actor: Actor = user) {
  return hub.core.select(runtimeCredentialOf(actor), endpoint);
}
function tools(endpoint: string, actor: Actor = user) {
  const selection = at(endpoint, actor);
  return selection && hub.runtime.exposure(selection).tools.map(({ exposedName }) => exposedName);
}
function call(actor: Actor, tool: string) {
  return callTool(hub.ctx(actor), { serverId: files, tool });
}
const refused = { code: 'forbidden' };
const absent = { code: 'not_found' };

describe('what a group gives', () => {
  it('is seeing, using, or seeing configuration and managing; never secrets', async () => {
    async function rights() {
      return (await getServer(hub.ctx(user), { id: files })).can;
    }
    await share(['read']);
    expect(await rights()).toMatchObject({ use: false, configure: false });
    await expect(call(user, 'read')).rejects.toMatchObject(refused);
    expect(tools(files)).toBeNull();
    await updateGroupServer(hub.ctx(), { groupId: group, serverId: files, permissions: ['execute'] });
    expect(await rights()).toMatchObject({ use: true, configure: false, operate: false, reveal: false });
    const used = await getServer(hub.ctx(user), { id: files });
    expect([used.url, used.headers]).toEqual([null, {}]);
    await call(user, 'read');
    await updateGroupServer(hub.ctx(), { groupId: group, serverId: files, permissions: ['write'] });
    expect(await rights()).toMatchObject({ use: false, configure: true, operate: true, remove: true, reveal: false });
    const managed = await getServer(hub.ctx(user), { id: files });
    expect([managed.url, managed.headers]).toEqual(['https://example.com/mcp', { authorization: '***' }]);
  });

  it('is narrowed by the assignment, and by the group for all its servers', async () => {
    await share(['read', 'write', 'execute']);
    function patch(permissions: object) {
      return updateGroup(hub.ctx(), { id: group, patch: { permissions } });
    }
    await patch({ servers: ['read'] });
    expect(await listGroupServers(hub.ctx(), { id: group })).toMatchObject([
      { permissions: ['read', 'write', 'execute'], effective: ['read'] },
    ]);
    await expect(call(user, 'read')).rejects.toMatchObject(refused);
    await patch({ servers: ['read', 'execute'], tools: ['read'] });
    await expect(call(user, 'read')).rejects.toMatchObject(refused);
    expect((await listItems(hub.ctx(user), { id: files })).tools).toHaveLength(3);
    await patch({ tools: [] });
    expect((await listItems(hub.ctx(user), { id: files })).tools).toEqual([]);
    await patch({ tools: ['execute'] });
    await call(user, 'read');
  });

  it('ends at once: with membership, assignment, server or visibility', async () => {
    await share();
    async function has() {
      return (await listServers(hub.ctx(user), {})).items.length === 1 && tools(group)?.length === 3;
    }
    expect(await has()).toBe(true);
    const before = hub.runtime.selectionChanges;
    await updateServer(hub.ctx(), { id: files, patch: { visibility: 'private' } });
    expect(await has()).toBe(false);
    expect(tools(group)).toEqual([]);
    expect(hub.runtime.selectionChanges).toBeGreaterThan(before);
    await updateServer(hub.ctx(), { id: files, patch: { visibility: 'group' } });
    expect(await has()).toBe(true);
    await removeMember(hub.ctx(), { groupId: group, userId: user.id });
    expect(at(group)).toBeNull();
    await expect(call(user, 'read')).rejects.toMatchObject(absent);
    await addMember(hub.ctx(), { groupId: group, userId: user.id });
    await removeServerFromGroup(hub.ctx(), { groupId: group, serverId: files });
    expect(tools(group)).toEqual([]);
    await share();
    await removeServer(hub.ctx(), { id: files });
    expect(await listGroupServers(hub.ctx(), { id: group })).toEqual([]);
  });

  it('is hidden from managers of the group where the server is private', async () => {
    await share();
    async function seen(actor: Actor) {
      return [
        (await listGroupServers(hub.ctx(actor), { id: group })).length,
        (await getGroupExposure(hub.ctx(actor), { id: group })).tools.length,
      ];
    }
    expect(await seen(manager)).toEqual([1, 3]);
    await updateServer(hub.ctx(), { id: files, patch: { visibility: 'private' } });
    expect(await seen(manager)).toEqual([0, 0]);
    expect(await seen(hub.admin)).toEqual([1, 3]);
    const place = { groupId: group, serverId: files };
    await expect(listGroupItems(hub.ctx(manager), place)).rejects.toMatchObject(absent);
    await expect(updateGroupServer(hub.ctx(manager), { ...place, alias: 'x' })).rejects.toMatchObject(absent);
    await createServer(hub.ctx(manager), makeRemoteDraft({ id: `mine-${serial}` }));
    const named = addServerToGroup(hub.ctx(manager), { groupId: group, serverId: `mine-${serial}`, alias: files });
    await expect(named).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('another server') });
  });

  it('is nothing to a pending, viewing or foreign person', async () => {
    await share();
    const viewer = await hub.addUser('viewer');
    await addMember(hub.ctx(), { groupId: group, userId: viewer.id });
    expect((await listServers(hub.ctx(viewer), {})).items).toHaveLength(1);
    await expect(call(viewer, 'read')).rejects.toMatchObject(refused);
    expect(at(group, viewer)).toBeNull();
    const stranger = await hub.addUser('user');
    expect(at(group, stranger)).toBeNull();
    await expect(call(stranger, 'read')).rejects.toMatchObject(absent);
  });

  it('comes beside what everyone may use', async () => {
    const stranger = await hub.addUser('user');
    await updateServer(hub.ctx(), { id: files, patch: { visibility: 'everyone' } });
    await call(stranger, 'read');
    expect(tools('all', stranger)).toContain(`${files}__read`);
    expect((await getServer(hub.ctx(stranger), { id: files })).url).toBeNull();
    const mine = await createServer(hub.ctx(stranger), makeRemoteDraft({ id: `own-${serial}` }));
    const publish = updateServer(hub.ctx(stranger), { id: mine.id, patch: { visibility: 'everyone' } });
    await expect(publish).rejects.toMatchObject(refused);
    await updateServer(hub.ctx(), { id: files, patch: { visibility: 'group' } });
  });
});

describe('putting servers into groups', () => {
  it('is for managers of the group who may manage the server', async () => {
    function add(actor: Actor) {
      return addServerToGroup(hub.ctx(actor), { groupId: group, serverId: files });
    }
    await expect(add(user)).rejects.toMatchObject(refused);
    await expect(add(manager)).rejects.toMatchObject(absent);
    const mine = await createServer(hub.ctx(manager), makeRemoteDraft({ id: `mine-${serial}` }));
    await addServerToGroup(hub.ctx(manager), { groupId: group, serverId: mine.id, permissions: ['write', 'execute'] });
    expect(tools(group)).toEqual([]);
    expect(await getServer(hub.ctx(user), { id: mine.id })).toMatchObject({ can: { configure: true } });
  });

  it('gives no more than one has', async () => {
    await share(['write']);
    const other = await createGroup(hub.ctx(manager), { name: `other-${serial}` });
    function hand(permissions: ('write' | 'execute')[]) {
      return addServerToGroup(hub.ctx(manager), { groupId: other.id, serverId: files, permissions });
    }
    await expect(hand(['execute'])).rejects.toMatchObject(refused);
    await hand(['write']);
    const widen = updateGroupServer(hub.ctx(manager), {
      groupId: group,
      serverId: files,
      permissions: ['write', 'execute'],
    });
    await expect(widen).rejects.toMatchObject(refused);
    await updateGroupServer(hub.ctx(manager), { groupId: group, serverId: files, permissions: ['read'] });
  });

  it('happens once, and not with private servers', async () => {
    await share();
    await expect(share()).rejects.toMatchObject({ code: 'conflict', details: { field: 'serverId' } });
    await createServer(hub.ctx(), makeRemoteDraft({ id: `secret-${serial}`, visibility: 'private' }));
    const add = addServerToGroup(hub.ctx(), { groupId: group, serverId: `secret-${serial}` });
    await expect(add).rejects.toMatchObject({ code: 'precondition' });
  });
});

describe('a group’s endpoint', () => {
  it('prefixes with the server, or with its alias, and stays the same otherwise', async () => {
    await share();
    expect(tools(group)).toEqual([`${files}__read`, `${files}__write`, `${files}__constructor`]);
    const first = at(group);
    expect(at(group)).toBe(first);
    await updateGroupServer(hub.ctx(), { groupId: group, serverId: files, alias: 'docs' });
    expect(tools(group)).toEqual(['docs__read', 'docs__write', 'docs__constructor']);
    expect(tools('all')).toContain(`${files}__read`);
    expect(at(group)).toMatchObject({ endpoint: group, title: group, prefixed: true });
  });

  it('refuses an alias that stands for another server of the group', async () => {
    await share(['execute'], 'docs');
    const other = `other-${serial}`;
    await createServer(hub.ctx(), makeRemoteDraft({ id: other }));
    function add(alias: string) {
      return addServerToGroup(hub.ctx(), { groupId: group, serverId: other, alias });
    }
    await expect(add('DOCS')).rejects.toMatchObject({ code: 'conflict', details: { field: 'alias' } });
    await add('more');
    const clash = updateGroupServer(hub.ctx(), { groupId: group, serverId: files, alias: other });
    await clash;
    await expect(updateGroupServer(hub.ctx(), { groupId: group, serverId: other, alias: null })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('renames, describes and switches off, and that is all a member may use of the server anywhere', async () => {
    await share();
    function set(name: string, change: object) {
      return setGroupItem(hub.ctx(), { groupId: group, serverId: files, type: 'tool', name, ...change });
    }
    expect(await set('read', { rename: 'open', description: 'Opens a file' })).toMatchObject({
      exposedName: `${files}__open`,
      description: 'Opens a file',
      originalDescription: 'Does read',
    });
    await set('write', { enabled: false });
    expect(tools(group)).toEqual([`${files}__open`, `${files}__constructor`]);
    expect(tools(files)).toEqual(['read', 'constructor']);
    expect(tools('all')).toEqual([`${files}__read`, `${files}__constructor`]);
    await expect(call(user, 'write')).rejects.toMatchObject({ code: 'not_found' });
    expect((await listItems(hub.ctx(user), { id: files })).tools.map(({ name }) => name)).toEqual([
      'read',
      'constructor',
    ]);
    await call(hub.admin, 'write');
  });

  it('exposes chosen items only, and what the server adds later stays out', async () => {
    await share();
    await chooseGroupItems(hub.ctx(), { groupId: group, serverId: files, type: 'tool', names: ['read'] });
    expect(tools(group)).toEqual([`${files}__read`]);
    hub.runtime.setCatalog(files, ['read', 'write', 'new']);
    expect(tools(group)).toEqual([`${files}__read`]);
    await expect(call(user, 'new')).rejects.toMatchObject({ code: 'not_found' });
    expect(await listGroupItems(hub.ctx(), { groupId: group, serverId: files })).toMatchObject([
      { name: 'read', enabled: true },
      { name: 'write', enabled: false },
      { name: 'new', enabled: false },
    ]);
    expect(await listGroupItems(hub.ctx(user), { groupId: group, serverId: files })).toMatchObject([{ name: 'read' }]);
    await updateGroupServer(hub.ctx(), { groupId: group, serverId: files, chosen: [] });
    expect(tools(group)).toHaveLength(3);
  });

  it('shows what its owner switched off as blocked, and does not expose it', async () => {
    await share();
    await setItem(hub.ctx(), { id: files, type: 'tool', name: 'read', enabled: false });
    const [read] = await listGroupItems(hub.ctx(), { groupId: group, serverId: files });
    expect(read).toMatchObject({ name: 'read', enabled: true, blocked: true });
    expect(tools(group)).not.toContain(`${files}__read`);
  });

  it('lets managers take tools away, and not give what they do not have themselves', async () => {
    await share();
    function set(actor: Actor, enabled: boolean) {
      return setGroupItem(hub.ctx(actor), { groupId: group, serverId: files, type: 'tool', name: 'write', enabled });
    }
    await expect(set(user, false)).rejects.toMatchObject(refused);
    await set(manager, false);
    await expect(set(manager, true)).rejects.toMatchObject(refused);
    await set(hub.admin, true);
  });

  it('says what it costs, and which names collide', async () => {
    await share();
    await setGroupItem(hub.ctx(), { groupId: group, serverId: files, type: 'tool', name: 'write', rename: 'read' });
    const exposure = await getGroupExposure(hub.ctx(user), { id: group });
    expect(exposure).toMatchObject({
      endpoint: { streamable: `/mcp/${group}`, sse: `/sse/${group}` },
      tokens: 20,
      tools: [{ name: 'read' }, { name: 'constructor' }],
      collisions: [{ exposedName: `${files}__read`, name: 'write', takenBy: files }],
    });
  });

  it('refuses what the server does not have, and names for URIs', async () => {
    await share();
    function set(type: 'tool' | 'resource', name: string, rename?: string) {
      return setGroupItem(hub.ctx(), { groupId: group, serverId: files, type, name, ...(rename && { rename }) });
    }
    await expect(set('tool', 'nope')).rejects.toMatchObject(absent);
    await expect(set('resource', 'file:///a', 'b')).rejects.toMatchObject({ details: { field: 'rename' } });
    await expect(set('tool', 'read', 'no spaces')).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('keys', () => {
  async function actorOf(input: object): Promise<Actor> {
    const { key } = await createKey(hub.ctx(user), { name: 'k', ...input });
    return (await hub.core.authenticate({ apiKey: key })).actor;
  }

  it('reach an endpoint, a group, a server or a tool, and nothing beside it', async () => {
    await share();
    const own = `own-${serial}`;
    hub.runtime.setCatalog(own, ['mine']);
    await createServer(hub.ctx(user), makeRemoteDraft({ id: own }));
    async function seen(actor: Actor) {
      return (await listServers(hub.ctx(actor), { sort: 'id' })).items.map(({ id }) => id);
    }

    const byEndpoint = await actorOf({ endpoints: [group] });
    expect(tools(group, byEndpoint)).toHaveLength(3);
    for (const endpoint of ['all', files, own]) expect(at(endpoint, byEndpoint)).toBeNull();
    expect(await seen(byEndpoint)).toEqual([]);
    await expect(call(byEndpoint, 'read')).rejects.toMatchObject(absent);

    const byGroup = await actorOf({ groups: [group] });
    expect(await seen(byGroup)).toEqual([files]);
    expect(tools('all', byGroup)).toEqual([`${files}__read`, `${files}__write`, `${files}__constructor`]);
    expect(at(own, byGroup)).toBeNull();

    const byServer = await actorOf({ servers: [own] });
    expect(await seen(byServer)).toEqual([own]);
    expect(tools('all', byServer)).toEqual([`${own}__mine`]);

    const byTool = await actorOf({ tools: [`${files}/read`] });
    expect(tools('all', byTool)).toEqual([`${files}__read`]);
    expect(tools(group, byTool)).toEqual([`${files}__read`]);
    await call(byTool, 'read');
    await expect(call(byTool, 'write')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('look, use or manage', async () => {
    await share(['read', 'write', 'execute']);
    const reading = await actorOf({ scopes: ['read'] });
    expect((await listServers(hub.ctx(reading), {})).items).toHaveLength(1);
    await expect(call(reading, 'read')).rejects.toMatchObject(refused);
    expect(at('all', reading)).toBeNull();
    const using = await actorOf({ scopes: ['execute'] });
    expect(tools('all', using)).toHaveLength(3);
    await expect(listServers(hub.ctx(using), {})).rejects.toMatchObject(refused);
  });

  it('reach nobody who takes the id of what they named, once that is removed', async () => {
    await share();
    const kept = `kept-${serial}`;
    await createServer(hub.ctx(user), makeRemoteDraft({ id: kept }));
    const named = [
      { servers: [files] },
      { tools: [`${files}/read`] },
      { endpoints: [files] },
      { groups: [group] },
      { endpoints: [group] },
      { servers: [files, kept], tools: [`${kept}/b`, `${files}/read`, `${kept}/a`] },
    ];
    const holders: Actor[] = [];
    for (const bounds of named) holders.push(await actorOf(bounds));
    function reached() {
      return holders.map((actor) => [files, group].filter((endpoint) => tools(endpoint, actor)?.length));
    }
    for (const endpoints of reached()) expect(endpoints).not.toEqual([]);
    await removeServer(hub.ctx(), { id: files });
    await removeGroup(hub.ctx(), { id: group });
    await createServer(hub.ctx(), makeRemoteDraft({ id: files, visibility: 'everyone' }));
    await createGroup(hub.ctx(), { name: group, permissions: { servers: ['read', 'execute'] } });
    await addMember(hub.ctx(), { groupId: group, userId: user.id });
    await share();
    expect(tools(group)).toHaveLength(3);
    expect(reached()).toEqual(holders.map(() => []));
    const keys = (await listKeys(hub.ctx(user), {})).map(({ servers, groups, endpoints, tools: only }) =>
      JSON.stringify([servers, groups, endpoints, only]),
    );
    expect(keys.toSorted()).toEqual(
      [
        [[], null, null, null],
        [null, null, null, []],
        [null, null, [], null],
        [null, [], null, null],
        [null, null, [], null],
        [[kept], null, null, [`${kept}/b`, `${kept}/a`]],
      ]
        .map((bounds) => JSON.stringify(bounds))
        .toSorted(),
    );
    await removeServer(hub.ctx(), { id: files });
  });

  it('name only what exists and is seen', async () => {
    for (const bounds of [
      { servers: ['nope'] },
      { groups: ['nope'] },
      { endpoints: ['nope'] },
      { tools: ['nope/x'] },
    ]) {
      const [field] = Object.keys(bounds);
      await expect(actorOf(bounds)).rejects.toMatchObject({ code: 'invalid', details: { field } });
    }
  });
});

describe('explain', () => {
  it('says what somebody can do, and why, in the words of the decision', async () => {
    await share(['execute']);
    const child = await createGroup(hub.ctx(), { name: `child-${serial}`, parentGroup: group });
    const below = await hub.addUser('user');
    await addMember(hub.ctx(), { groupId: child.id, userId: below.id });
    expect(await explain(hub.ctx(), { user: below.username, server: files })).toMatchObject({
      read: true,
      execute: true,
      write: false,
      reveal: false,
      because: [{ by: 'group', group, through: child.id, gives: ['read', 'execute'] }],
      but: [],
    });
    await updateGroup(hub.ctx(), { id: group, patch: { permissions: { tools: ['read'] } } });
    const narrowed = await explain(hub.ctx(below), { server: files });
    expect(narrowed).toMatchObject({ execute: false, but: [{ what: 'group_without_tools', group }] });
    const all = await explainUser(hub.ctx(below), {});
    expect(all.servers.map(({ serverId }) => serverId)).toEqual([files]);
    expect(all.groups).toEqual([
      { id: child.id, role: 'member', through: null },
      { id: group, role: 'member', through: child.id },
    ]);
    expect(await explain(hub.ctx(), { server: files })).toMatchObject({
      reveal: true,
      because: [{ by: 'admin' }, { by: 'owner' }],
    });
    await expect(explain(hub.ctx(below), { user: 'admin', server: files })).rejects.toMatchObject(absent);
  });
});

describe('secrets of a server', () => {
  it('go nowhere else by whoever may manage the server, but not see them', async () => {
    await share(['write', 'execute']);
    function patch(change: object) {
      return updateServer(hub.ctx(user), { id: files, patch: change });
    }
    const elsewhere = { url: 'https://attacker.example/mcp' };
    await expect(patch(elsewhere)).rejects.toMatchObject({ ...refused, details: { field: 'headers' } });
    await expect(patch({ ...elsewhere, headers: { authorization: '***' } })).rejects.toMatchObject(refused);
    const draft = { name: 'x', kind: 'streamable-http', ...elsewhere, headers: { authorization: '***' } } as const;
    function test(actor: Actor, given: object) {
      return testServer(hub.ctx(actor), { draft: { ...draft, ...given }, existingId: files });
    }
    await expect(test(user, {})).rejects.toMatchObject(refused);
    expect(await test(user, { url: 'https://example.com/mcp' })).toMatchObject({ ok: true });
    await patch({ description: 'still mine to manage' });
    await patch({ ...elsewhere, headers: { authorization: 'Bearer other' } });
    await updateServer(hub.ctx(), { id: files, patch: { url: 'https://example.com/mcp' } });
  });
});
