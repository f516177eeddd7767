import type { accessSentences } from './reasons.ts';

/** The kind of an action for keys: looking, using, or changing. */
export type ActionKind = 'read' | 'execute' | 'manage';

/** Powers an admin can grant to an account beyond its role. */
export const grantable = [
  'server.run-process',
  'container.manage',
  'container.unconfined',
  'server.publish',
  'model.create',
] as const;
export type Grant = (typeof grantable)[number];

/**
 * The least role for an action. `anyone`: without an account too. `group-manager`: the role manager, or a manager of
 * some group. Each of them includes those after it; a viewer is never more than `viewer`.
 */
export type Least = 'anyone' | 'viewer' | 'user' | 'group-manager' | 'manager' | 'admin';

/**
 * Which API keys may do it, where their scopes cover it. `never`: only people. `unconfined`: keys that are confined to
 * nothing. `manage`: also confined keys, at what they name whole. `use`: also those that name only endpoints or tools.
 * `named`: also keys that are confined to resources of other kinds, at these. `engine`: also those that name the engine
 * itself. `own`: a confined key at what was made with it. `any`: every key.
 */
export type KeyRule = 'never' | 'unconfined' | 'manage' | 'use' | 'named' | 'engine' | 'own' | 'any';

/** The rule about the object, by its name in `rules.ts`. `none`: the action has no object. */
export type Rule =
  | 'none'
  | 'server:see'
  | 'server:inspect'
  | 'server:use'
  | 'server:write'
  | 'server:own'
  | 'group:member'
  | 'group:manager'
  | 'engine:any'
  | 'engine:see'
  | 'engine:own'
  | 'model:see'
  | 'model:own'
  | 'conversation:see'
  | 'conversation:own'
  | 'app:see'
  | 'app:own'
  | 'graph:see'
  | 'graph:own'
  | 'own';

interface ActionRow {
  kind: ActionKind;
  least: Least;
  /** Gives it to accounts below `least`, viewers excepted. */
  grant?: Grant;
  /** The sentence for callers below `least`, where the role alone does not explain it. */
  refusal?: 'onlyAdminsCreateGroups' | Extract<keyof typeof accessSentences, `needs${string}`>;
  keys: KeyRule;
  rule: Rule;
  /** Open to an account that has to choose a new password first. */
  whilePasswordDue?: true;
}

const onEngines = {
  least: 'admin',
  grant: 'container.manage',
  refusal: 'needsContainerManage',
  keys: 'named',
} as const;
const lookOnEngine = { kind: 'read', ...onEngines, rule: 'engine:see' } as const;
const changeOnEngine = { kind: 'manage', ...onEngines, rule: 'engine:own' } as const;
// A new object on an engine has no name yet that a key could have, and names of images belong to the whole engine.
const makeOnEngine = { ...changeOnEngine, keys: 'engine' } as const;
const adminsOnly = { least: 'admin', keys: 'unconfined' } as const;
const manageServer = { kind: 'manage', least: 'user', keys: 'manage', rule: 'server:write' } as const;
const manageGroup = { kind: 'manage', least: 'group-manager', keys: 'manage', rule: 'group:manager' } as const;
const manageUser = { kind: 'manage', ...adminsOnly, rule: 'own' } as const;
const ownAccount = { kind: 'manage', least: 'viewer', keys: 'never', rule: 'none' } as const;

/**
 * Everything that can be permitted, and to whom: the one table of rights. `decide` reads nothing else, and
 * documents show it. The same words name verbs and rows of the audit log.
 */
const table = {
  'server.read': { kind: 'read', least: 'viewer', keys: 'use', rule: 'server:see' },
  'server.inspect': { kind: 'read', least: 'viewer', keys: 'use', rule: 'server:inspect' },
  'server.use': { kind: 'execute', least: 'user', keys: 'use', rule: 'server:use' },
  // A person signs in at another place in the browser, and what comes of it is that person's.
  'server.sign-in': { kind: 'execute', least: 'user', keys: 'never', rule: 'server:use' },
  'server.operate': manageServer,
  'server.configure': manageServer,
  'server.create': { kind: 'manage', least: 'user', keys: 'unconfined', rule: 'none' },
  'server.remove': manageServer,
  'server.share': { ...manageServer, keys: 'unconfined' },
  'server.give': { kind: 'manage', least: 'admin', keys: 'never', rule: 'server:write' },
  'server.publish': {
    kind: 'manage',
    least: 'manager',
    grant: 'server.publish',
    refusal: 'needsPublish',
    keys: 'unconfined',
    rule: 'none',
  },
  'server.logs': { kind: 'read', least: 'viewer', keys: 'manage', rule: 'server:write' },
  'server.run-process': {
    kind: 'manage',
    least: 'admin',
    grant: 'server.run-process',
    refusal: 'needsRunProcess',
    keys: 'unconfined',
    rule: 'none',
  },
  'server.import': { kind: 'manage', least: 'user', keys: 'unconfined', rule: 'none' },
  'server.export': { kind: 'read', least: 'viewer', keys: 'manage', rule: 'none' },
  'container.manage': { kind: 'manage', ...onEngines, rule: 'engine:any' },
  'container.unconfined': {
    kind: 'manage',
    least: 'admin',
    grant: 'container.unconfined',
    refusal: 'needsContainerUnconfined',
    keys: 'unconfined',
    rule: 'none',
  },
  'engine.read': { kind: 'read', ...onEngines, rule: 'engine:any' },
  'container.read': lookOnEngine,
  'container.create': makeOnEngine,
  'container.operate': changeOnEngine,
  'container.exec': changeOnEngine,
  'container.write-files': changeOnEngine,
  'container.remove': changeOnEngine,
  'image.read': lookOnEngine,
  'image.pull': makeOnEngine,
  'image.build': makeOnEngine,
  'image.tag': makeOnEngine,
  'image.remove': changeOnEngine,
  'volume.read': lookOnEngine,
  'volume.create': makeOnEngine,
  'volume.remove': changeOnEngine,
  'network.read': lookOnEngine,
  'network.create': makeOnEngine,
  'network.remove': changeOnEngine,
  'stack.read': lookOnEngine,
  'stack.create': makeOnEngine,
  'stack.update': changeOnEngine,
  'stack.reveal': changeOnEngine,
  'stack.operate': changeOnEngine,
  'stack.adopt': makeOnEngine,
  'stack.remove': changeOnEngine,
  'model.read': { kind: 'read', least: 'viewer', keys: 'named', rule: 'model:see' },
  'model.use': { kind: 'execute', least: 'user', keys: 'named', rule: 'model:see' },
  'model.configure': { kind: 'manage', least: 'user', keys: 'named', rule: 'model:own' },
  'model.create': {
    kind: 'manage',
    least: 'manager',
    grant: 'model.create',
    refusal: 'needsModelCreate',
    keys: 'unconfined',
    rule: 'none',
  },
  // Messages to models belong to their author alone. A confined key reads none.
  'conversation.read': { kind: 'read', least: 'viewer', keys: 'unconfined', rule: 'conversation:see' },
  'conversation.write': { kind: 'execute', least: 'user', keys: 'unconfined', rule: 'conversation:own' },
  'conversation.share': { kind: 'manage', least: 'user', keys: 'unconfined', rule: 'conversation:own' },
  'conversation.remove': { kind: 'manage', least: 'user', keys: 'unconfined', rule: 'conversation:own' },
  // Only where the hub's settings let admins read them, and then each reading is in the audit log.
  'conversation.inspect': { kind: 'read', least: 'admin', keys: 'never', rule: 'none' },
  'app.read': { kind: 'read', least: 'viewer', keys: 'unconfined', rule: 'app:see' },
  'app.use': { kind: 'execute', least: 'user', keys: 'unconfined', rule: 'app:see' },
  'app.configure': { kind: 'manage', least: 'user', keys: 'unconfined', rule: 'app:own' },
  'app.create': { kind: 'manage', least: 'user', keys: 'unconfined', rule: 'none' },
  'graph.read': { kind: 'read', least: 'viewer', keys: 'unconfined', rule: 'graph:see' },
  'graph.use': { kind: 'execute', least: 'user', keys: 'unconfined', rule: 'graph:see' },
  'graph.configure': { kind: 'manage', least: 'user', keys: 'unconfined', rule: 'graph:own' },
  'graph.create': { kind: 'manage', least: 'user', keys: 'unconfined', rule: 'none' },
  'app-token.read': { kind: 'read', least: 'user', keys: 'unconfined', rule: 'own' },
  'app-token.configure': { kind: 'manage', least: 'user', keys: 'unconfined', rule: 'own' },
  'app-token.create': { kind: 'manage', least: 'user', keys: 'unconfined', rule: 'none' },
  'simulator.read': { kind: 'read', ...adminsOnly, rule: 'none' },
  'simulator.configure': { kind: 'manage', ...adminsOnly, rule: 'none' },
  'budget.read': { kind: 'read', least: 'viewer', keys: 'unconfined', rule: 'own' },
  // Admins set the budgets of people; the owner of a key sets that of the key.
  'budget.configure': { kind: 'manage', least: 'viewer', keys: 'never', rule: 'own' },
  // A key that leaks must not become an account: what gives more than the key has is for people alone.
  'secret.reveal': { kind: 'manage', least: 'user', keys: 'never', rule: 'server:own' },
  // Of calls a confined key sees its own: what others called, and with what, is beyond what it is confined to.
  'call.read': { kind: 'read', least: 'viewer', keys: 'own', rule: 'own' },
  'key.create': { kind: 'manage', least: 'viewer', keys: 'never', rule: 'none' },
  'key.read': { kind: 'read', least: 'viewer', keys: 'unconfined', rule: 'own' },
  'key.update': { kind: 'manage', least: 'viewer', keys: 'never', rule: 'own' },
  'key.revoke': { kind: 'manage', least: 'viewer', keys: 'unconfined', rule: 'own' },
  // A person who lets a client in gives it a part of its own rights; no key may do that.
  'grant.create': { kind: 'manage', least: 'viewer', keys: 'never', rule: 'none' },
  'grant.read': { kind: 'read', least: 'viewer', keys: 'never', rule: 'own' },
  'grant.revoke': { kind: 'manage', least: 'viewer', keys: 'never', rule: 'own' },
  'session.create': { kind: 'manage', least: 'anyone', keys: 'any', rule: 'none' },
  'session.read': { kind: 'read', least: 'viewer', keys: 'unconfined', rule: 'own', whilePasswordDue: true },
  'session.refresh': { kind: 'manage', least: 'anyone', keys: 'any', rule: 'none' },
  'session.end': { kind: 'manage', least: 'viewer', keys: 'unconfined', rule: 'own', whilePasswordDue: true },
  'account.read': { kind: 'read', least: 'viewer', keys: 'any', rule: 'none', whilePasswordDue: true },
  'account.update': ownAccount,
  'account.password': { ...ownAccount, whilePasswordDue: true },
  'account.mfa': ownAccount,
  'user.register': { kind: 'manage', least: 'anyone', keys: 'any', rule: 'none' },
  'user.find': { kind: 'read', least: 'group-manager', keys: 'unconfined', rule: 'none' },
  'user.list': { kind: 'read', ...adminsOnly, rule: 'none' },
  'user.read': { kind: 'read', least: 'viewer', keys: 'unconfined', rule: 'own' },
  'user.create': { kind: 'manage', ...adminsOnly, rule: 'none' },
  'user.update': { kind: 'manage', least: 'viewer', keys: 'unconfined', rule: 'own' },
  'user.manage': manageUser,
  'user.empower': { ...manageUser, keys: 'never' },
  'user.approve': manageUser,
  'user.remove': manageUser,
  'group.read': { kind: 'read', least: 'viewer', keys: 'use', rule: 'group:member' },
  'group.use': { kind: 'execute', least: 'user', keys: 'use', rule: 'group:member' },
  'group.create': {
    kind: 'manage',
    least: 'manager',
    refusal: 'onlyAdminsCreateGroups',
    keys: 'unconfined',
    rule: 'none',
  },
  'group.update': manageGroup,
  'group.widen': { kind: 'manage', ...adminsOnly, rule: 'group:manager' },
  'group.remove': manageGroup,
  'group.add-member': manageGroup,
  'group.update-member': manageGroup,
  'group.approve-member': manageGroup,
  'group.remove-member': manageGroup,
  'group.leave': { kind: 'manage', least: 'viewer', keys: 'unconfined', rule: 'group:member' },
  'group.add-server': manageGroup,
  'group.update-server': manageGroup,
  'group.remove-server': manageGroup,
  'access.explain': { kind: 'read', least: 'viewer', keys: 'unconfined', rule: 'none' },
  'audit.read': { kind: 'read', least: 'viewer', keys: 'unconfined', rule: 'own' },
  'audit.export': { kind: 'read', least: 'viewer', keys: 'unconfined', rule: 'own' },
  'audit.configure': { kind: 'manage', ...adminsOnly, rule: 'none' },
  'config.read': { kind: 'read', ...adminsOnly, rule: 'none' },
  'config.change': { kind: 'manage', ...adminsOnly, rule: 'none' },
  'monitoring.read': { kind: 'read', least: 'viewer', keys: 'any', rule: 'none' },
  // The hub's own log tells of everybody, and of the machine.
  'log.read': { kind: 'read', ...adminsOnly, rule: 'none' },
  // Deliveries leave the hub: an admin chooses their receivers.
  'webhook.read': { kind: 'read', ...adminsOnly, rule: 'none' },
  'webhook.manage': { kind: 'manage', ...adminsOnly, rule: 'none' },
  'metrics.read': { kind: 'read', ...adminsOnly, rule: 'none' },
  // An alert about a server is for who sees the server; one about the hub for who may read its metrics.
  'alert.read': { kind: 'read', least: 'viewer', keys: 'any', rule: 'none' },
  'alert.acknowledge': { kind: 'manage', least: 'user', keys: 'unconfined', rule: 'none' },
  'alert.manage': { kind: 'manage', ...adminsOnly, rule: 'none' },
  'hub.stop': { kind: 'manage', ...adminsOnly, rule: 'none' },
  'job.read': { kind: 'read', ...adminsOnly, rule: 'none' },
  'job.retry': { kind: 'manage', ...adminsOnly, rule: 'none' },
  'job.drop': { kind: 'manage', ...adminsOnly, rule: 'none' },
} as const satisfies Record<string, ActionRow>;

export type Action = keyof typeof table;

/** The row of each action. */
export const actionTable: Readonly<Record<Action, ActionRow>> = table;

export const actions = Object.keys(table) as Action[];
