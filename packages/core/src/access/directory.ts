import type { Actor } from '../actor.ts';
import type { ItemType } from '../servers/schema.ts';
import { isConfined, reachesNoServer } from './bounds.ts';
import { grantBounds, grantScopes } from './grants.ts';
import { except, intersection, only, unionItems, type ItemFilter, type NameSet } from './item-filter.ts';
import type { Role } from './schema.ts';
import type { BoundKey, KeyBounds, Person, Share, Subject } from './subject.ts';

export interface DirectoryUser {
  id: string;
  username: string;
  role: Role;
  disabled: boolean;
  grants: readonly string[];
  mustChangePassword: boolean;
}

export interface DirectoryKey extends KeyBounds {
  id: string;
  name: string;
  userId: string;
  scopes: readonly string[];
  callsPerMinute: number | null;
}

/** The access that a person gave to a client at one endpoint. */
export interface DirectoryGrant extends Pick<KeyBounds, 'servers' | 'tools'> {
  id: string;
  /** The name of the client. */
  name: string;
  userId: string;
  endpoint: string;
  scopes: readonly string[];
}

export interface DirectoryGroup {
  id: string;
  displayName: string;
  parentId: string | null;
  permissions: { servers: readonly string[]; tools: readonly string[] };
}

export interface Assignment {
  groupId: string;
  serverId: string;
  permissions: readonly string[];
  alias: string | null;
  /** Types of which only chosen items count. */
  chosen: readonly string[];
}

export interface GroupItem {
  groupId: string;
  serverId: string;
  type: ItemType;
  name: string;
  enabled: boolean;
  rename: string | null;
  description: string | null;
}

/** People and groups as the database has them; members are active ones only. */
export interface DirectorySource {
  users: readonly DirectoryUser[];
  keys: readonly DirectoryKey[];
  grants: readonly DirectoryGrant[];
  groups: readonly DirectoryGroup[];
  members: readonly { groupId: string; userId: string; role: 'member' | 'manager' }[];
  assignments: readonly Assignment[];
  groupItems: readonly GroupItem[];
}

/** People, keys, grants and groups in memory: who acts, and what that one has. */
export interface Directory {
  load(source: DirectorySource): void;
  subjectOf(actor: Actor): Subject;
  user(id: string): DirectoryUser | undefined;
  key(id: string): DirectoryKey | undefined;
  grant(id: string): DirectoryGrant | undefined;
  group(id: string): DirectoryGroup | undefined;
  /** The group and those above it, nearest first. */
  lineage(groupId: string): string[];
  /** Direct, active memberships of a user. */
  memberships(userId: string): ReadonlyMap<string, 'member' | 'manager'>;
  /** Servers of a group in the order they were added. */
  assignments(groupId: string): readonly Assignment[];
  /** Whether any group has this server. */
  isInGroup(serverId: string): boolean;
  /** The permissions that a group gives at one of its servers. */
  shareOf(assignment: Assignment): Share;
  items(groupId: string, serverId: string): readonly GroupItem[];
}

const nobody: DirectorySource = {
  users: [],
  keys: [],
  grants: [],
  groups: [],
  members: [],
  assignments: [],
  groupItems: [],
};
function pair(groupId: string, serverId: string): string {
  return `${groupId}/${serverId}`;
}
const types = ['tool', 'prompt', 'resource', 'template'] as const satisfies readonly ItemType[];

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  return Map.groupBy(items, keyOf);
}

/** The rights of an assignment for its members: its permissions, narrowed by the group's, and the items that are on. */
function makeShare(group: DirectoryGroup | undefined, given: Assignment, items: readonly GroupItem[]): Share {
  function has(permission: string) {
    return given.permissions.includes(permission) && (group?.permissions.servers.includes(permission) ?? false);
  }
  function tools(permission: string) {
    return group?.permissions.tools.includes(permission) ?? false;
  }
  const filter = filterOf(given, items);
  const write = has('write');
  const execute = has('execute') && tools('execute');
  const read = has('read') || has('execute') || write;
  return {
    read,
    write,
    inspect: read && (tools('read') || tools('execute')) ? filter : null,
    use: execute ? filter : null,
  };
}

function filterOf(given: Assignment, items: readonly GroupItem[]): ItemFilter {
  const filter: Partial<Record<ItemType, NameSet>> = {};
  for (const type of types) {
    function named(enabled: boolean) {
      return items.filter((item) => item.type === type && item.enabled === enabled).map((item) => item.name);
    }
    if (given.chosen.includes(type)) filter[type] = only(named(true));
    else if (named(false).length > 0) filter[type] = except(named(false));
  }
  return filter;
}

function either(a: ItemFilter | null, b: ItemFilter | null): ItemFilter | null {
  return a && b ? unionItems(a, b) : (a ?? b);
}

function unionShares(a: Share | undefined, b: Share): Share {
  return a
    ? {
        read: a.read || b.read,
        write: a.write || b.write,
        inspect: either(a.inspect, b.inspect),
        use: either(a.use, b.use),
      }
    : b;
}

/** Servers that a key may touch by itself; null = any. */
function reachOf(bounds: KeyBounds, serversOf: (groupId: string) => string[]): ReadonlySet<string> | null {
  if (!isConfined(bounds)) return null;
  if (reachesNoServer(bounds)) return new Set();
  const { servers, groups, tools, endpoints } = bounds;
  const limits: ReadonlySet<string>[] = [];
  if (servers || groups) limits.push(new Set([...(servers ?? []), ...(groups ?? []).flatMap(serversOf)]));
  if (tools) limits.push(new Set(tools.map((tool) => tool.slice(0, Math.max(0, tool.indexOf('/'))))));
  if (endpoints && !endpoints.includes('all')) limits.push(new Set(endpoints));
  const [first, ...rest] = limits;
  return first ? rest.reduce((left, next) => intersection(left, next), first) : null;
}

/** An empty directory; `load` fills it. */
export function createDirectory(): Directory {
  let users = new Map<string, DirectoryUser>();
  let keys = new Map<string, DirectoryKey>();
  let grants = new Map<string, DirectoryGrant>();
  let groups = new Map<string, DirectoryGroup>();
  let members = new Map<string, DirectorySource['members'][number][]>();
  let assigned = new Map<string, Assignment[]>();
  let items = new Map<string, GroupItem[]>();
  let shared = new Set<string>();
  let shares = new Map<string, Share>();
  let people = new Map<string, Person>();

  function lineage(groupId: string): string[] {
    const found: string[] = [];
    for (let at: string | null | undefined = groupId; at && groups.has(at) && !found.includes(at);) {
      found.push(at);
      at = groups.get(at)?.parentId;
    }
    return found;
  }

  function shareOf(given: Assignment): Share {
    const id = pair(given.groupId, given.serverId);
    const known = shares.get(id);
    if (known) return known;
    const made = makeShare(groups.get(given.groupId), given, items.get(id) ?? []);
    shares.set(id, made);
    return made;
  }

  function groupsOf(userId: string): Map<string, 'member' | 'manager'> {
    const found = new Map<string, 'member' | 'manager'>();
    for (const { groupId, role } of members.get(userId) ?? []) {
      for (const id of lineage(groupId)) if (!found.has(id)) found.set(id, 'member');
      found.set(groupId, role);
    }
    return found;
  }

  function sharesOf(groupIds: Iterable<string>): Map<string, Share> {
    const found = new Map<string, Share>();
    for (const groupId of groupIds) {
      for (const given of assigned.get(groupId) ?? []) {
        found.set(given.serverId, unionShares(found.get(given.serverId), shareOf(given)));
      }
    }
    return found;
  }

  function personOf(userId: string, fallback: Role): Person {
    const known = people.get(userId);
    if (known) return known;
    const user = users.get(userId);
    const own = groupsOf(userId);
    const made: Person = {
      type: 'person',
      userId,
      role: user?.role ?? fallback,
      grants: user?.grants ?? [],
      mustChangePassword: user?.mustChangePassword ?? false,
      groups: own,
      shares: sharesOf(own.keys()),
      key: null,
    };
    // A user that this process does not know is not cached: the next load may know more.
    if (user) people.set(userId, made);
    return made;
  }

  function bound(id: string, scopes: readonly string[], bounds: KeyBounds): BoundKey {
    const { endpoints, groups: inGroups, servers, tools, resources } = bounds;
    const own = { endpoints, groups: inGroups, servers, tools, resources };
    const reach = reachOf(own, (groupId) => (assigned.get(groupId) ?? []).map(({ serverId }) => serverId));
    return { id, scopes, ...own, reach };
  }

  function keyOf(actor: Extract<Actor, { type: 'key' }>): BoundKey {
    const known = keys.get(actor.id);
    return bound(actor.id, known?.scopes ?? actor.scopes, known ?? actor.bounds);
  }

  function grantOf(actor: Extract<Actor, { type: 'grant' }>): BoundKey {
    const known = grants.get(actor.id);
    return bound(actor.id, grantScopes, known ? grantBounds(known) : actor.bounds);
  }

  return {
    load(source) {
      users = new Map(source.users.map((user) => [user.id, user]));
      keys = new Map(source.keys.map((key) => [key.id, key]));
      grants = new Map(source.grants.map((grant) => [grant.id, grant]));
      groups = new Map(source.groups.map((group) => [group.id, group]));
      members = groupBy(source.members, ({ userId }) => userId);
      assigned = groupBy(source.assignments, ({ groupId }) => groupId);
      items = groupBy(source.groupItems, (item) => pair(item.groupId, item.serverId));
      shared = new Set(source.assignments.map(({ serverId }) => serverId));
      shares = new Map();
      people = new Map();
    },
    subjectOf(actor) {
      switch (actor.type) {
        case 'local':
        case 'system':
          return { type: 'everything' };
        case 'anonymous':
          return { type: 'anonymous' };
        case 'user':
          return personOf(actor.id, actor.role);
        case 'key':
          return { ...personOf(actor.userId, actor.role), key: keyOf(actor) };
        case 'grant':
          return { ...personOf(actor.userId, actor.role), key: grantOf(actor) };
      }
    },
    user: (id) => users.get(id),
    key: (id) => keys.get(id),
    grant: (id) => grants.get(id),
    group: (id) => groups.get(id),
    lineage,
    memberships: (userId) => new Map((members.get(userId) ?? []).map(({ groupId, role }) => [groupId, role])),
    assignments: (groupId) => assigned.get(groupId) ?? [],
    isInGroup: (serverId) => shared.has(serverId),
    shareOf,
    items: (groupId, serverId) => items.get(pair(groupId, serverId)) ?? [],
  };
}

export const emptySource = nobody;
