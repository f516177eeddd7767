import { world } from '../kit/example-world.ts';
import { answer, onePage } from './examples.ts';
import type { HubGroup, HubGroupServer, HubMember, HubUser } from './wire-people.ts';

/** Answers about users and groups, as the document shows them. */

const user: HubUser = {
  id: world.userId,
  username: 'newuser',
  email: 'user@example.com',
  fullName: '张三',
  role: 'user',
  groups: [world.groupId],
  pendingGroups: [],
  profile: { firstName: '张', lastName: '三', department: '开发部' },
  permissions: ['servers:read', 'tools:read', 'groups:read', 'servers:write', 'servers:execute', 'tools:execute'],
  grants: [],
  enabled: true,
  approved: true,
  mfaEnabled: false,
  mustChangePassword: false,
  lastLogin: world.now,
  createdAt: world.before,
  updatedAt: world.before,
};

export const users = {
  list: onePage([user]),
  one: answer(user),
  created: answer({ ...user, fullName: null, lastLogin: null }),
  changed: answer({ ...user, grants: ['container.manage'], updatedAt: world.now }),
  removed: answer({ id: world.userId }),
};

const group: HubGroup = {
  id: world.groupId,
  name: world.groupId,
  displayName: '开发团队',
  description: '前端和后端开发人员',
  parentGroup: null,
  permissions: { servers: ['read', 'write', 'execute'], tools: ['read', 'execute'] },
  settings: { autoAssign: false, maxMembers: 50, requireApproval: true },
  memberCount: 1,
  pendingCount: 0,
  serverCount: 1,
  children: [],
  createdAt: world.before,
  updatedAt: world.before,
};

export const groups = {
  list: onePage([group]),
  one: answer(group),
  created: answer({ ...group, memberCount: 0, serverCount: 0 }),
  changed: answer({ ...group, settings: { ...group.settings, maxMembers: 60 }, updatedAt: world.now }),
  removed: answer({ id: world.groupId }),
};

const member: HubMember = {
  groupId: world.groupId,
  userId: world.userId,
  username: 'newuser',
  role: 'member',
  status: 'active',
  joinedAt: world.now,
};

export const members = {
  list: answer({ items: [member] }),
  one: answer(member),
  pending: answer({ ...member, status: 'pending' }),
  manager: answer({ ...member, role: 'manager' }),
  removed: answer({ groupId: world.groupId, userId: world.userId }),
};

const assigned: HubGroupServer = {
  groupId: world.groupId,
  serverId: world.serverId,
  name: '文件系统服务器',
  permissions: ['read', 'write', 'execute'],
  effective: ['read', 'write', 'execute'],
  alias: null,
  toolCount: 14,
};

export const groupServers = {
  list: answer({ items: [assigned] }),
  one: answer(assigned),
  changed: answer({ ...assigned, permissions: ['read'], effective: ['read'], toolCount: 0 }),
  removed: answer({ groupId: world.groupId, serverId: world.serverId }),
};
