/** Things as the hub tells them, for tests that need one and say only what matters to them. */
import type { ApiKey, Group, Me, User } from '../lib/api-types.ts';

type Can = Me['can'];

const rights: Can = {
  listUsers: true,
  findUsers: true,
  createGroup: true,
  createServer: true,
  runProcess: true,
  publish: true,
  manageContainers: true,
  useServers: true,
  configureAudit: true,
  createKey: true,
  manageAlerts: true,
  readMetrics: true,
  manageWebhooks: true,
  readJobs: true,
  readConfig: true,
  changeConfig: true,
  createModel: true,
  createGraph: true,
  createApp: true,
  createAppToken: true,
  readSimulator: true,
  configureSimulator: true,
  inspectConversations: false,
};

/** An admin of a hub; `can` takes rights away. */
export function exampleMe({ can, ...me }: Partial<Omit<Me, 'can'>> & { can?: Partial<Can> } = {}): Me {
  return {
    user: { id: 'u-ada', username: 'ada', role: 'admin', permissions: [] },
    mustChangePassword: false,
    can: { ...rights, ...can },
    adminsReadConversations: false,
    authMode: 'required',
    allowRegistration: false,
    appearance: { name: null, mark: null, banner: null },
    instance: { name: 'switchboard', version: '0.1.0', publicUrl: null },
    traceUrl: null,
    ...me,
  };
}

export function exampleUser(user: Partial<User> = {}): User {
  return {
    id: 'u-ada',
    username: 'ada',
    email: 'ada@example.com',
    fullName: 'Ada Lovelace',
    profile: {},
    role: 'admin',
    grants: [],
    permissions: ['*'],
    groups: [],
    disabled: false,
    approved: true,
    mustChangePassword: false,
    mfaEnabled: false,
    createdAt: '2026-11-01T08:00:00.000Z',
    updatedAt: '2026-11-01T08:00:00.000Z',
    lastLoginAt: null,
    ...user,
  };
}

/** A key that may all that its owner may. */
export function exampleKey(key: Partial<ApiKey> = {}): ApiKey {
  return {
    id: 'k-laptop',
    name: 'Laptop',
    prefix: 'sbk_4f3a',
    userId: 'u-ada',
    username: 'ada',
    scopes: ['*'],
    endpoints: null,
    groups: null,
    servers: null,
    tools: null,
    resources: null,
    callsPerMinute: null,
    createdAt: '2026-11-01T08:00:00.000Z',
    expiresAt: null,
    lastUsedAt: null,
    ...key,
  };
}

export function exampleGroup(group: Partial<Group> = {}): Group {
  return {
    id: 'data',
    name: 'Data',
    displayName: 'Data',
    description: '',
    parentGroup: null,
    permissions: { servers: ['read', 'execute'], tools: ['read', 'execute'] },
    settings: { autoAssign: false, maxMembers: null, requireApproval: false },
    memberCount: 2,
    pendingCount: 0,
    serverCount: 1,
    children: [],
    membership: null,
    createdBy: 'u-ada',
    createdAt: '2026-11-01T08:00:00.000Z',
    updatedAt: '2026-11-01T08:00:00.000Z',
    can: { update: true, remove: true, members: true, servers: true, widen: true },
    ...group,
  };
}
