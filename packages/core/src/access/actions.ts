/** What an action is to a key: looking, using, or changing. */
export type ActionKind = 'read' | 'execute' | 'manage';

/** Everything that can be permitted, and its kind; the same words name verbs and audit rows. */
export const actionKinds = {
  'server.read': 'read',
  'server.inspect': 'read',
  'server.use': 'execute',
  'server.operate': 'manage',
  'server.configure': 'manage',
  'server.create': 'manage',
  'server.remove': 'manage',
  'server.share': 'manage',
  'server.publish': 'manage',
  'server.logs': 'read',
  'server.run-process': 'manage',
  'server.import': 'manage',
  'server.export': 'read',
  'container.manage': 'manage',
  'secret.reveal': 'manage',
  'call.read': 'read',
  'key.create': 'manage',
  'key.read': 'read',
  'key.update': 'manage',
  'key.revoke': 'manage',
  'session.create': 'manage',
  'session.read': 'read',
  'session.refresh': 'manage',
  'session.end': 'manage',
  'account.read': 'read',
  'account.update': 'manage',
  'account.password': 'manage',
  'account.mfa': 'manage',
  'user.register': 'manage',
  'user.find': 'read',
  'user.list': 'read',
  'user.read': 'read',
  'user.create': 'manage',
  'user.update': 'manage',
  'user.manage': 'manage',
  'user.approve': 'manage',
  'user.remove': 'manage',
  'group.read': 'read',
  'group.use': 'execute',
  'group.create': 'manage',
  'group.update': 'manage',
  'group.widen': 'manage',
  'group.remove': 'manage',
  'group.add-member': 'manage',
  'group.update-member': 'manage',
  'group.approve-member': 'manage',
  'group.remove-member': 'manage',
  'group.leave': 'manage',
  'group.add-server': 'manage',
  'group.update-server': 'manage',
  'group.remove-server': 'manage',
  'access.explain': 'read',
  'audit.read': 'read',
  'audit.export': 'read',
  'audit.configure': 'manage',
  'monitoring.read': 'read',
} as const satisfies Record<string, ActionKind>;

export type Action = keyof typeof actionKinds;

export const actions = Object.keys(actionKinds) as Action[];

/** Powers an admin can grant to an account beyond its role. */
export const grantable = ['server.run-process', 'container.manage', 'server.publish'] as const satisfies Action[];
export type Grant = (typeof grantable)[number];
