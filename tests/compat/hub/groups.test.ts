import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../../support/app.ts';
import { addPerson, type Caller } from '../../support/people.ts';
import { type CompatApp, createCompatApp } from '../compat-app.ts';
import { verifies } from '../verifies.ts';

let app: CompatApp;
let manager: Caller;
let member: Caller;
let stranger: Caller;
beforeAll(async () => {
  app = await createCompatApp();
  [manager, member, stranger] = await Promise.all([
    addPerson(app, 'manager', { role: 'manager' }),
    addPerson(app, 'member'),
    addPerson(app, 'stranger'),
  ]);
  await app.json('/api/servers', { body: { name: 'server-1', command: 'python', enabled: false } });
});
afterAll(() => app.stop());

const documented = {
  name: 'dev-team',
  displayName: '开发团队',
  description: '前端和后端开发人员',
  parentGroup: null,
  permissions: { servers: ['read', 'write', 'execute'], tools: ['read', 'execute'] },
  settings: { autoAssign: false, maxMembers: 50, requireApproval: true },
};

function idsOf({ body }: { body: Json }): string[] {
  return body.data.items.map(({ id }: Json) => id);
}
function make(name: string, more: Json = {}, as: Caller | CompatApp = app) {
  return as.json('/api/groups', { body: { name, ...more } });
}
function join(group: string, userId: string, more: Json = {}) {
  return app.json(`/api/groups/${group}/members`, { body: { userId, ...more } });
}

verifies(32, 'the documented body makes a group', async () => {
  const { status, body } = await app.json('/api/groups', { body: documented });
  expect(status).toBe(201);
  expect(body.data).toMatchObject({ ...documented, id: 'dev-team', memberCount: 0, serverCount: 0, children: [] });
});

verifies(32, 'a taken name is 409, an unknown parent or permission 422', async () => {
  const taken = await make('server-1');
  expect([taken.status, taken.body.error.code]).toEqual([409, 'RESOURCE_CONFLICT']);
  const parent = await make('orphan', { parentGroup: 'nowhere' });
  expect([parent.status, parent.body.error.details.field]).toEqual([422, 'parentGroup']);
  const word = await make('odd', { permissions: { servers: ['own'] } });
  expect([word.status, word.body.error.details.field]).toEqual([422, 'permissions.servers.0']);
  expect((await make('')).status).toBe(422);
});

verifies(32, 'admins and managers make groups, others do not', async () => {
  expect((await make('managed', {}, manager)).status).toBe(201);
  expect((await make('mine', {}, member)).status).toBe(403);
});

verifies(31, 'everybody lists the groups they belong to, admins all', async () => {
  await make('listed', { displayName: 'Listed' });
  await join('listed', member.id);
  expect(idsOf(await app.json('/api/groups?search=listed'))).toEqual(['listed']);
  expect(idsOf(await member.json('/api/groups'))).toEqual(['listed']);
  expect(idsOf(await stranger.json('/api/groups'))).toEqual([]);
  const { body } = await app.json('/api/groups?limit=1&sort=name');
  expect(body.data.pagination).toMatchObject({ page: 1, limit: 1, hasNext: true });
  expect((await app.json('/api/groups?filter[colour]=red')).status).toBe(400);
});

verifies(33, 'the documented body adds a member', async () => {
  await make('joined');
  const { status, body } = await join('joined', member.id, { role: 'member' });
  expect(status).toBe(201);
  expect(body.data).toMatchObject({ groupId: 'joined', userId: member.id, role: 'member', status: 'active' });
  const again = await join('joined', member.id);
  expect([again.status, again.body.error.code]).toEqual([409, 'RESOURCE_CONFLICT']);
  expect((await join('joined', 'nobody')).status).toBe(404);
  expect((await join('nowhere', member.id)).status).toBe(404);
});

verifies(33, 'the word for a role comes back as it was given', async () => {
  await make('worded');
  for (const role of ['admin', 'maintainer', 'manager', 'member']) {
    const added = await join('worded', member.id, { role });
    expect([added.status, added.body.data.role]).toEqual([201, role]);
    const { body } = await app.json('/api/groups/worded/members');
    expect(body.data.items.find(({ userId }: Json) => userId === member.id).role).toBe(role);
    // All but the last are one role.
    const may = await member.json('/api/groups/worded', { method: 'PUT', body: { description: role } });
    expect(may.status).toBe(role === 'member' ? 403 : 200);
    await app.json(`/api/groups/worded/members/${member.id}`, { method: 'DELETE' });
  }
  await join('worded', member.id);
  const changed = await app.json(`/api/groups/worded/members/${member.id}`, { method: 'PUT', body: { role: 'admin' } });
  expect(changed.body.data.role).toBe('admin');
  await app.json('/api/groups/worded', { method: 'DELETE' });
});

verifies(33, 'a member who waits is told from one who is in', async () => {
  await make('waiting', { settings: { requireApproval: true } });
  const waits = await addPerson(app, 'waits', { groups: ['waiting'] });
  async function shown() {
    return (await app.json(`/api/users/${waits.id}`)).body.data;
  }
  expect(await shown()).toMatchObject({ groups: ['waiting'], pendingGroups: ['waiting'] });
  await app.json(`/api/groups/waiting/members/${waits.id}/approve`, { method: 'POST' });
  expect(await shown()).toMatchObject({ groups: ['waiting'], pendingGroups: [] });
});

test('the name of a group does not change, and what was read may be sent back', async () => {
  await make('named');
  const { body } = await app.json('/api/groups/named');
  function put(more: Json) {
    return app.json('/api/groups/named', { method: 'PUT', body: { ...body.data, ...more } });
  }
  expect((await put({})).status).toBe(200);
  const renamed = await put({ name: 'other' });
  expect([renamed.status, renamed.body.error.details.field]).toEqual([422, 'name']);
  expect(renamed.body.error.details.reason).toMatch(/displayName/);
});

verifies(35, 'a server may be named by its name, as serverId or serverName', async () => {
  await make('by-name');
  await app.json('/api/servers', { body: { name: '别名服务器', command: 'node', enabled: false } });
  function give(body: Json) {
    return app.json('/api/groups/by-name/servers', { body });
  }
  const given = await give({ serverName: '别名服务器' });
  expect([given.status, given.body.data?.name]).toEqual([201, '别名服务器']);
  for (const [body, field] of [
    [{}, 'serverId'],
    [{ serverId: 'server-1', serverName: 'x' }, 'serverName'],
  ] as const) {
    const { status, body: answer } = await give(body);
    expect([status, answer.error.details.field]).toEqual([422, field]);
  }
});

verifies(33, 'a group that wants approval lets a member wait; a full one is 409', async () => {
  await make('careful', { settings: { requireApproval: true, maxMembers: 1 } });
  expect((await join('careful', member.id)).body.data.status).toBe('pending');
  const approved = await app.json(`/api/groups/careful/members/${member.id}/approve`, { method: 'POST' });
  expect([approved.status, approved.body.data.status]).toEqual([200, 'active']);
  expect((await join('careful', stranger.id)).status).toBe(409);
});

verifies(33, 'managers of the group may, its members may not, others do not see it', async () => {
  await make('owned', {}, manager);
  function add(as: Caller) {
    return as.json('/api/groups/owned/members', { body: { userId: stranger.id } });
  }
  expect((await add(member)).status).toBe(403);
  expect((await add(manager)).status).toBe(201);
  const outsider = await addPerson(app, 'outsider', { role: 'manager' });
  expect((await outsider.json('/api/groups/owned/members', { body: { userId: member.id } })).status).toBe(404);
});

verifies(34, 'a removed member has lost the group at once', async () => {
  await make('left');
  await join('left', member.id);
  const { status, body } = await app.json(`/api/groups/left/members/${member.id}`, { method: 'DELETE' });
  expect([status, body.data]).toEqual([200, { groupId: 'left', userId: member.id }]);
  expect((await member.json('/api/groups/left')).status).toBe(404);
  expect((await app.json(`/api/groups/left/members/${member.id}`, { method: 'DELETE' })).status).toBe(404);
});

verifies(35, 'the documented body gives a group a server, and its members see it', async () => {
  await make('served', { permissions: documented.permissions });
  await join('served', member.id);
  expect((await member.json('/api/servers/server-1')).status).toBe(404);
  const body = { serverId: 'server-1', permissions: ['read', 'write', 'execute'] };
  const added = await app.json('/api/groups/served/servers', { body });
  expect(added.status).toBe(201);
  expect(added.body.data).toMatchObject({ groupId: 'served', ...body, effective: ['read', 'write', 'execute'] });
  expect((await member.json('/api/servers/server-1')).status).toBe(200);
  expect((await stranger.json('/api/servers/server-1')).status).toBe(404);
  expect((await app.json('/api/groups/served/servers', { body })).status).toBe(409);
  expect((await app.json('/api/groups/served/servers', { body: { serverId: 'ghost' } })).status).toBe(404);
  expect(idsOf(await app.json('/api/servers?group=served'))).toEqual(['server-1']);
  expect(idsOf(await app.json('/api/servers?group=nowhere'))).toEqual([]);
});

verifies(35, 'who only uses the group cannot give it servers', async () => {
  const { status, body } = await member.json('/api/groups/served/servers', { body: { serverId: 'server-1' } });
  expect([status, body.error.code]).toEqual([403, 'AUTHORIZATION_FAILED']);
});

describe('beyond the document', () => {
  test('a group is shown, changed and removed', async () => {
    await make('whole');
    expect((await app.json('/api/groups/whole')).body.data.id).toBe('whole');
    const change = { displayName: 'Whole', settings: { maxMembers: 3 } };
    const changed = await app.json('/api/groups/whole', { method: 'PUT', body: change });
    expect(changed.body.data).toMatchObject({ displayName: 'Whole', settings: { maxMembers: 3, autoAssign: false } });
    expect((await app.json('/api/groups/whole', { method: 'DELETE' })).status).toBe(200);
    expect((await app.json('/api/groups/whole')).status).toBe(404);
  });

  test('a circle of groups is 422', async () => {
    await make('above');
    await make('below', { parentGroup: 'above' });
    const { status, body } = await app.json('/api/groups/above', { method: 'PUT', body: { parentGroup: 'below' } });
    expect([status, body.error.details.field]).toEqual([422, 'parentGroup']);
    expect((await app.json('/api/groups/above', { method: 'DELETE' })).status).toBe(409);
  });

  test('members are listed and get another role', async () => {
    await make('roles');
    await join('roles', member.id);
    const path = `/api/groups/roles/members/${member.id}`;
    expect((await app.json(path, { method: 'PUT', body: { role: 'manager' } })).body.data.role).toBe('manager');
    const { body } = await member.json('/api/groups/roles/members');
    expect(body.data.items).toMatchObject([{ userId: member.id, role: 'manager' }]);
    expect((await stranger.json('/api/groups/roles/members')).status).toBe(404);
  });

  test('servers of a group are listed, narrowed and taken out', async () => {
    await make('shelf');
    await app.json('/api/groups/shelf/servers', { body: { serverId: 'server-1' } });
    const path = '/api/groups/shelf/servers/server-1';
    const changed = await app.json(path, { method: 'PUT', body: { permissions: ['read'], alias: 'one' } });
    expect(changed.body.data).toMatchObject({ permissions: ['read'], effective: ['read'], alias: 'one' });
    expect((await app.json('/api/groups/shelf/servers')).body.data.items).toHaveLength(1);
    expect((await app.json(path, { method: 'DELETE' })).status).toBe(200);
    expect((await app.json(path, { method: 'DELETE' })).status).toBe(404);
  });
});
