import type { ActorName, ServerName } from './world.ts';

/** Who may what, written down by hand: the tests compare the hub with this and nothing else. */

/** `own`: its secrets, its sharing, its removal from nowhere else. `give`: to another owner. */
export type ServerRight = 'see' | 'use' | 'manage' | 'own' | 'give';
export type GroupRight = 'see' | 'lead';

const owning = ['see', 'use', 'manage', 'own'] as const;
const all = [...owning, 'give'] as const;
const open = ['see', 'use'] as const;

type ServerRights = Readonly<Record<ServerName, readonly ServerRight[]>>;
function rights(shared: readonly ServerRight[], more: Partial<ServerRights> = {}): ServerRights {
  return {
    shared,
    hidden: [],
    open,
    owned: [],
    ...more,
  };
}
const none: ServerRights = { shared: [], hidden: [], open: [], owned: [] };

/** What each may do at each server: `shared` is in groups, `hidden` private, `open` for everyone, `owned` by `owner`. */
export const serverRights: Readonly<Record<ActorName, ServerRights>> = {
  admin: { shared: all, hidden: all, open: all, owned: all },
  owner: rights([], { owned: owning }),
  lead: rights(['see', 'use']),
  writer: rights(['see', 'use', 'manage']),
  member: rights(['see', 'use']),
  reader: rights(['see']),
  viewer: rights(['see'], { open: ['see'] }),
  child: rights(['see', 'use']),
  above: rights([]),
  pending: rights([]),
  manager: rights([]),
  stranger: rights([]),
  keeper: rights([]),
  keyRead: rights(['see'], { open: ['see'] }),
  keyBound: rights([]),
  anonymous: none,
};

/** Servers that are not at `/mcp` though the actor may use them: what people registered for themselves is not in an admin's. */
export const onlyAtOwnEndpoint: Readonly<Partial<Record<ActorName, readonly ServerName[]>>> = { admin: ['owned'] };

/** What each may do at the group `team`. */
export const groupRights: Readonly<Record<ActorName, readonly GroupRight[]>> = {
  admin: ['see', 'lead'],
  owner: [],
  lead: ['see', 'lead'],
  writer: [],
  member: ['see'],
  reader: [],
  viewer: ['see'],
  child: ['see'],
  above: [],
  pending: [],
  manager: [],
  stranger: [],
  keeper: [],
  keyRead: ['see'],
  keyBound: [],
  anonymous: [],
};

/** Groups each sees in lists. */
export const groupsSeen: Readonly<Record<ActorName, readonly string[]>> = {
  admin: ['org', 'ops', 'readers', 'squad', 'team'],
  owner: [],
  lead: ['org', 'team'],
  writer: ['ops'],
  member: ['org', 'team'],
  reader: ['readers'],
  viewer: ['org', 'team'],
  child: ['org', 'squad', 'team'],
  above: ['org'],
  pending: [],
  manager: [],
  stranger: [],
  keeper: [],
  keyRead: ['org', 'team'],
  keyBound: [],
  anonymous: [],
};

const people: readonly ActorName[] = [
  'admin',
  'owner',
  'lead',
  'writer',
  'member',
  'reader',
  'viewer',
  'child',
  'above',
  'pending',
  'manager',
  'stranger',
  'keeper',
];
const keys: readonly ActorName[] = ['keyRead', 'keyBound'];

/** Circles of actors that no object decides. */
export const circles = {
  /** Whoever has credentials. */
  signedIn: [...people, ...keys],
  /** The same without keys that are confined to something. */
  unconfined: [...people, 'keyRead'],
  /** People at a keyboard: no key may. */
  people,
  /** A key may too, if it may change things. */
  peopleAndFullKeys: [...people, 'keyBound'],
  admins: ['admin'],
  /** Who may manage containers. */
  keepers: ['admin', 'keeper'],
  groupMakers: ['admin', 'manager'],
  /** Who manages some group or may make one. */
  leaders: ['admin', 'lead', 'manager'],
  notViewers: people.filter((name) => name !== 'viewer'),
  users: [...people.filter((name) => name !== 'viewer'), 'keyBound'],
  /** The account `member`, and admins. */
  memberOrAdmin: ['admin', 'member'],
  memberOrAdminOrReadKey: ['admin', 'member', 'keyRead'],
} as const satisfies Record<string, readonly ActorName[]>;
export type Circle = keyof typeof circles;

/** Every action by the least that may do it to anything at all. */
export const actionsOfLeast = {
  anyone: ['session.create', 'session.refresh', 'user.register'],
  viewer: [
    'server.read',
    'server.inspect',
    'server.logs',
    'server.export',
    'call.read',
    'key.create',
    'key.read',
    'key.update',
    'key.revoke',
    'session.read',
    'session.end',
    'account.read',
    'account.update',
    'account.password',
    'account.mfa',
    'user.read',
    'user.update',
    'group.read',
    'group.leave',
    'access.explain',
    'audit.read',
    'audit.export',
    'monitoring.read',
  ],
  user: [
    'server.use',
    'server.operate',
    'server.configure',
    'server.create',
    'server.remove',
    'server.share',
    'server.import',
    'secret.reveal',
    'group.use',
  ],
  'group-manager': [
    'user.find',
    'group.update',
    'group.remove',
    'group.add-member',
    'group.update-member',
    'group.approve-member',
    'group.remove-member',
    'group.add-server',
    'group.update-server',
    'group.remove-server',
  ],
  manager: ['server.publish', 'group.create'],
  admin: [
    'server.give',
    'server.run-process',
    'container.manage',
    'container.unconfined',
    'engine.read',
    'container.read',
    'container.create',
    'container.operate',
    'container.exec',
    'container.write-files',
    'container.remove',
    'image.read',
    'image.pull',
    'image.build',
    'image.tag',
    'image.remove',
    'volume.read',
    'volume.create',
    'volume.remove',
    'network.read',
    'network.create',
    'network.remove',
    'stack.read',
    'stack.create',
    'stack.update',
    'stack.reveal',
    'stack.operate',
    'stack.adopt',
    'stack.remove',
    'user.list',
    'user.create',
    'user.manage',
    'user.empower',
    'user.approve',
    'user.remove',
    'group.widen',
    'audit.configure',
    'metrics.read',
    'job.read',
    'job.retry',
    'job.drop',
  ],
} as const;

/** What a grant gives to an account that lacks the role: `container.manage` gives all the rest of `admin` on engines. */
export function grantOf(action: string): string | null {
  if (['server.publish', 'server.run-process', 'container.unconfined'].includes(action)) return action;
  return /^(?:engine|container|image|volume|network|stack)\./.test(action) ? 'container.manage' : null;
}

/** What no API key may, whatever its scopes. */
export const peopleOnly = [
  'server.give',
  'secret.reveal',
  'key.create',
  'key.update',
  'account.update',
  'account.password',
  'account.mfa',
  'user.empower',
];

/** What a key that is confined to some servers, groups, endpoints or tools may do there, or at all. */
export const confinedKeys = {
  use: ['server.read', 'server.inspect', 'server.use', 'group.read', 'group.use'],
  manage: [
    'server.operate',
    'server.configure',
    'server.remove',
    'server.logs',
    'server.export',
    'group.update',
    'group.remove',
    'group.add-member',
    'group.update-member',
    'group.approve-member',
    'group.remove-member',
    'group.add-server',
    'group.update-server',
    'group.remove-server',
  ],
  own: ['call.read'],
  any: ['session.create', 'session.refresh', 'user.register', 'account.read', 'monitoring.read'],
};
