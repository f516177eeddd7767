import type { AddMember, Group, GroupServer, ListGroups, Member } from '@switchboard/core/groups/schema';
import type { ListUsers, User, UserPatch } from '@switchboard/core/users/schema';
import { given, hubPageLimit, iso, split } from './map.ts';
import type {
  HubGroup,
  HubGroupQuery,
  HubGroupServer,
  HubMember,
  HubUpdateUser,
  HubUser,
  HubUserQuery,
  MemberWord,
} from './wire-people.ts';

function isoOrNull(value: Date | null): string | null {
  return value && iso(value);
}

export function toHubUser(user: User): HubUser {
  return {
    id: user.id,
    username: user.username,
    email: user.email,
    fullName: user.fullName,
    role: user.role,
    groups: user.groups.map(({ id }) => id),
    pendingGroups: user.groups.filter(({ status }) => status === 'pending').map(({ id }) => id),
    profile: user.profile,
    permissions: user.permissions,
    grants: user.grants,
    enabled: !user.disabled,
    approved: user.approved,
    mfaEnabled: user.mfaEnabled,
    mustChangePassword: user.mustChangePassword,
    lastLogin: isoOrNull(user.lastLoginAt),
    createdAt: iso(user.createdAt),
    updatedAt: iso(user.updatedAt),
  };
}

function pageOf(query: HubUserQuery | HubGroupQuery) {
  return {
    page: query.page,
    limit: Math.min(query.limit, hubPageLimit),
    ...given({
      order: query.order,
      search: query.search,
      createdAfter: query.created_after,
      createdBefore: query.created_before,
    }),
  };
}

/** Words that both filters allow; undefined where neither is given. */
function both<Word>(one: Word[] | undefined, other: Word[] | undefined): Word[] | undefined {
  return one && other ? one.filter((word) => other.includes(word)) : (one ?? other);
}

export function fromHubUserQuery(query: HubUserQuery): Partial<ListUsers> {
  const groups = query['filter[group]'] === undefined ? undefined : split(query['filter[group]']);
  return {
    ...pageOf(query),
    ...given({
      sort: query.sort,
      role: both(query.role, query['filter[role]']),
      status: both(query.status, query['filter[status]']),
      group: both(query.group === undefined ? undefined : [query.group], groups),
      enabled: query['filter[enabled]'] ?? query.enabled,
      approved: query['filter[approved]'],
      lastLoginAfter: query.last_login_after,
    }),
  };
}

export function fromHubUserPatch({
  userId: _userId,
  disabled: _disabled,
  currentPassword: _currentPassword,
  enabled,
  ...fields
}: HubUpdateUser): UserPatch {
  return { ...given(fields), ...(enabled !== undefined && { disabled: !enabled }) };
}

export function toHubGroup(group: Group): HubGroup {
  return {
    id: group.id,
    name: group.name,
    displayName: group.displayName,
    description: group.description,
    parentGroup: group.parentGroup,
    permissions: group.permissions,
    settings: group.settings,
    memberCount: group.memberCount,
    pendingCount: group.pendingCount,
    serverCount: group.serverCount,
    children: group.children,
    createdAt: iso(group.createdAt),
    updatedAt: iso(group.updatedAt),
  };
}

export function fromHubGroupQuery(query: HubGroupQuery): Partial<ListGroups> {
  return {
    ...pageOf(query),
    ...given({
      sort: query.sort,
      parentGroup: query['filter[parentGroup]'],
      member: query['filter[member]'],
      server: query['filter[server]'],
    }),
  };
}

/** The role for a word, with the word where it differs. */
export function fromMemberWord(word: MemberWord): Pick<AddMember, 'role' | 'roleWord'> {
  return word === 'maintainer' || word === 'admin' ? { role: 'manager', roleWord: word } : { role: word };
}

export function toHubMember({ groupId, userId, username, role, roleWord, status, createdAt }: Member): HubMember {
  return {
    groupId,
    userId,
    username,
    role: roleWord ?? role,
    status,
    joinedAt: iso(createdAt),
  };
}

export function toHubGroupServer({ chosen: _chosen, ...server }: GroupServer): HubGroupServer {
  return server;
}
