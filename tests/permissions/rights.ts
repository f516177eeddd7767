import { actors, type ActorName, type AppName, type ServerName } from './world.ts';

/** Who may what, written down by hand: the tests compare the hub with this and nothing else. */

/**
 * `sign-in`: at the service that it belongs to. `own`: its secrets, its sharing, its removal from nowhere else. `give`: to
 * another owner.
 */
export type ServerRight = 'see' | 'use' | 'sign-in' | 'manage' | 'own' | 'give';
/** `own`: its settings, its sharing, its removal. */
export type ModelRight = 'see' | 'use' | 'own';
export type GroupRight = 'see' | 'lead';

const owning = ['see', 'use', 'sign-in', 'manage', 'own'] as const;
const all = [...owning, 'give'] as const;
const open = ['see', 'use', 'sign-in'] as const;

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
  lead: rights(['see', 'use', 'sign-in']),
  writer: rights(['see', 'use', 'sign-in', 'manage']),
  member: rights(['see', 'use', 'sign-in']),
  reader: rights(['see']),
  viewer: rights(['see'], { open: ['see'] }),
  child: rights(['see', 'use', 'sign-in']),
  above: rights([]),
  pending: rights([]),
  manager: rights([]),
  stranger: rights([]),
  keeper: rights([]),
  keyRead: rights(['see'], { open: ['see'] }),
  keyBound: rights([], { open: ['see', 'use'] }),
  keyStack: none,
  keyEngine: none,
  anonymous: none,
};

type ModelRights = Readonly<Record<ServerName, readonly ModelRight[]>>;
const ownModel = ['see', 'use', 'own'] as const;
const useModel = ['see', 'use'] as const;
function models(more: Partial<ModelRights> = {}): ModelRights {
  return { shared: [], hidden: [], open: useModel, owned: [], ...more };
}
const noModels: ModelRights = { shared: [], hidden: [], open: [], owned: [] };

/** What each may do with each model: they are shared as the servers of the same names, with members of `team`. */
export const modelRights: Readonly<Record<ActorName, ModelRights>> = {
  admin: { shared: ownModel, hidden: ownModel, open: ownModel, owned: ownModel },
  owner: models({ owned: ownModel }),
  lead: models({ shared: useModel }),
  writer: models(),
  member: models({ shared: useModel }),
  reader: models(),
  viewer: models({ shared: ['see'], open: ['see'] }),
  child: models({ shared: useModel }),
  above: models(),
  pending: models(),
  manager: models(),
  stranger: models(),
  keeper: models(),
  keyRead: models({ shared: ['see'], open: ['see'] }),
  keyBound: noModels,
  keyStack: noModels,
  keyEngine: noModels,
  anonymous: noModels,
};

export type AppRight = 'see' | 'use' | 'own';
type AppRights = Readonly<Record<AppName, readonly AppRight[]>>;

const appsOfEveryone: AppRights = { hidden: [], open: ['see', 'use'], owned: [] };
const noApps: AppRights = { hidden: [], open: [], owned: [] };
const ownApp = ['see', 'use', 'own'] as const;

/** Those that are not as most people's. */
const otherAppRights: Partial<Record<ActorName, AppRights>> = {
  admin: { hidden: ownApp, open: ownApp, owned: ownApp },
  owner: { ...appsOfEveryone, owned: ownApp },
  viewer: { hidden: [], open: ['see'], owned: [] },
  keyRead: { hidden: [], open: ['see'], owned: [] },
  keyBound: noApps,
  keyStack: noApps,
  keyEngine: noApps,
  anonymous: noApps,
};

/** What each may do with each simulated product: `hidden` is an admin's, `open` is an admin's for everyone, `owned` is `owner`'s. */
export const appRights = Object.fromEntries(
  actors.map((actor) => [actor, otherAppRights[actor] ?? appsOfEveryone]),
) as Readonly<Record<ActorName, AppRights>>;

type ConversationRights = Readonly<Record<'private' | 'team' | 'everyone', readonly ('read' | 'write')[]>>;
const ownConversation = ['read', 'write'] as const;
const readConversation = ['read'] as const;
const ofEveryone: ConversationRights = { private: [], team: [], everyone: readConversation };
const ofTeam: ConversationRights = { private: [], team: readConversation, everyone: readConversation };
const noConversations: ConversationRights = { private: [], team: [], everyone: [] };

/** What each may do in a conversation of `member`, by whom it is shared with. */
export const conversationRights: Readonly<Record<ActorName, ConversationRights>> = {
  admin: ofEveryone,
  owner: ofEveryone,
  lead: ofTeam,
  writer: ofEveryone,
  member: { private: ownConversation, team: ownConversation, everyone: ownConversation },
  reader: ofEveryone,
  viewer: ofTeam,
  child: ofTeam,
  above: ofEveryone,
  pending: ofEveryone,
  manager: ofEveryone,
  stranger: ofEveryone,
  keeper: ofEveryone,
  keyRead: { private: readConversation, team: readConversation, everyone: readConversation },
  keyBound: noConversations,
  keyStack: noConversations,
  keyEngine: noConversations,
  anonymous: noConversations,
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
  keyStack: [],
  keyEngine: [],
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
  keyStack: [],
  keyEngine: [],
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
const keys: readonly ActorName[] = ['keyRead', 'keyBound', 'keyStack', 'keyEngine'];

/** Circles of actors that no object decides. */
export const circles = {
  /** Whoever has credentials. */
  signedIn: [...people, ...keys],
  /** The same without keys that are confined to something. */
  unconfined: [...people, 'keyRead'],
  /** Who may have servers exported: a key that is confined to other things has none. */
  exporters: [...people, 'keyRead', 'keyBound'],
  /** Who makes servers of what is on an engine. */
  unconfinedKeepers: ['admin', 'keeper'],
  /** People at a keyboard: no key may. */
  people,
  /** A key may too, if it may change things. */
  peopleAndFullKeys: [...people, 'keyBound'],
  admins: ['admin'],
  /** Who may manage containers, and keys for some of them. */
  keepers: ['admin', 'keeper', 'keyStack', 'keyEngine'],
  /** Who may make something on an engine and look at it as a whole. */
  makers: ['admin', 'keeper', 'keyEngine'],
  groupMakers: ['admin', 'manager'],
  /** Who manages some group or may make one. */
  leaders: ['admin', 'lead', 'manager'],
  notViewers: people.filter((name) => name !== 'viewer'),
  users: [...people.filter((name) => name !== 'viewer'), 'keyBound'],
  /** Users, and keys of theirs that may use something. */
  callers: [...people.filter((name) => name !== 'viewer'), 'keyBound', 'keyStack', 'keyEngine'],
  /** Users, and keys of theirs that are confined to nothing and may look. */
  lookers: [...people.filter((name) => name !== 'viewer'), 'keyRead'],
  /** The account `member`, and admins. */
  memberOrAdmin: ['admin', 'member'],
  memberOrAdminOrReadKey: ['admin', 'member', 'keyRead'],
} as const satisfies Record<string, readonly ActorName[]>;
export type Circle = keyof typeof circles;
