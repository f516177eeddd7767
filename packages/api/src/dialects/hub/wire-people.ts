import { Role, roles } from '@switchboard/core/access/schema';
import { AddServerToGroup, CreateGroup, GroupPatch } from '@switchboard/core/groups/schema';
import { CreateUser, UserPatch, userSorts } from '@switchboard/core/users/schema';
import { z } from 'zod';
import { moment, withKnownFilters, wordList } from '../kit/words.ts';
import { pageQuery, Pagination } from './wire.ts';

/** Users and groups of seed 001, as documented. */

const timestamp = z.iso.datetime();

export const HubUser = z
  .object({
    id: z.string(),
    username: z.string(),
    email: z.string().nullable(),
    fullName: z.string().nullable(),
    role: Role,
    groups: z.array(z.string()),
    profile: z.record(z.string(), z.string()),
    permissions: z.array(z.string()),
    grants: z.array(z.string()),
    enabled: z.boolean(),
    approved: z.boolean().meta({ description: 'false: registered, and no admin has looked at it' }),
    mfaEnabled: z.boolean(),
    mustChangePassword: z.boolean(),
    lastLogin: timestamp.nullable(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'HubUser' });
export type HubUser = z.infer<typeof HubUser>;
export const HubUserPage = z.object({ items: z.array(HubUser), pagination: Pagination });

const sortWords = { lastLogin: 'lastLoginAt' } as const;

export const HubUserQuery = withKnownFilters({
  ...pageQuery,
  sort: z
    .enum([...userSorts, 'lastLogin'])
    .transform((word) => (word === 'lastLogin' ? sortWords[word] : word))
    .optional(),
  role: wordList(roles).optional(),
  group: z.string().optional(),
  enabled: z.stringbool().optional(),
  last_login_after: moment.optional(),
  'filter[role]': wordList(roles).optional(),
  'filter[group]': z.string().optional(),
  'filter[enabled]': z.stringbool().optional(),
  'filter[approved]': z.stringbool().optional(),
});
export type HubUserQuery = z.infer<typeof HubUserQuery>;

export const HubCreateUser = CreateUser.omit({ mustChangePassword: true }).required({ password: true });
export const userPath = { userId: z.string().meta({ description: 'Id or user name' }) };
export const ByUser = z.object(userPath);
export const HubUpdateUser = UserPatch.omit({ disabled: true }).extend({
  enabled: z.boolean().optional(),
  /** Seed 000's word: who sends it must not believe that the account is off. */
  disabled: z.never({ error: 'is not known here: send "enabled": false to disable an account' }).optional(),
  ...userPath,
});
export type HubUpdateUser = z.infer<typeof HubUpdateUser>;

export const HubGroup = z
  .object({
    id: z.string(),
    name: z.string(),
    displayName: z.string(),
    description: z.string(),
    parentGroup: z.string().nullable(),
    permissions: z.object({ servers: z.array(z.string()), tools: z.array(z.string()) }),
    settings: z.object({ autoAssign: z.boolean(), maxMembers: z.int().nullable(), requireApproval: z.boolean() }),
    memberCount: z.int(),
    pendingCount: z.int(),
    serverCount: z.int(),
    children: z.array(z.string()),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'HubGroup' });
export type HubGroup = z.infer<typeof HubGroup>;
export const HubGroupPage = z.object({ items: z.array(HubGroup), pagination: Pagination });

export const HubGroupQuery = withKnownFilters({
  ...pageQuery,
  sort: z.enum(['name', 'displayName', 'createdAt', 'updatedAt', 'members', 'servers']).optional(),
  'filter[parentGroup]': z.string().optional(),
  'filter[member]': z.string().optional(),
  'filter[server]': z.string().optional(),
});
export type HubGroupQuery = z.infer<typeof HubGroupQuery>;

export const HubCreateGroup = CreateGroup;
export const groupPath = { groupId: z.string() };
export const ByGroup = z.object(groupPath);
export const HubUpdateGroup = GroupPatch.extend(groupPath);

/** `maintainer` and `admin` are other words for a manager. */
const MemberWord = z
  .enum(['member', 'manager', 'maintainer', 'admin'])
  .transform((word) => (word === 'member' ? ('member' as const) : ('manager' as const)));

export const HubAddMember = z.object({ ...groupPath, userId: z.string().min(1), role: MemberWord.prefault('member') });
export const ByMember = z.object({ ...groupPath, ...userPath });
export const HubUpdateMember = ByMember.extend({ role: MemberWord });
export const HubMember = z
  .object({
    groupId: z.string(),
    userId: z.string(),
    username: z.string(),
    role: z.enum(['member', 'manager']),
    status: z.enum(['active', 'pending']),
    joinedAt: timestamp,
  })
  .meta({ id: 'HubMember' });
export type HubMember = z.infer<typeof HubMember>;
export const HubMembers = z.object({ items: z.array(HubMember) });

export const HubAddServer = z.object({
  ...groupPath,
  serverId: z.string().min(1),
  permissions: AddServerToGroup.shape.permissions,
  alias: AddServerToGroup.shape.alias,
});
export const ByGroupServer = z.object({ ...groupPath, serverId: z.string() });
export const HubGroupServer = z
  .object({
    groupId: z.string(),
    serverId: z.string(),
    name: z.string(),
    permissions: z.array(z.string()),
    effective: z.array(z.string()).meta({ description: 'What is left of them after the permissions of the group' }),
    alias: z.string().nullable(),
    toolCount: z.int(),
  })
  .meta({ id: 'HubGroupServer' });
export type HubGroupServer = z.infer<typeof HubGroupServer>;
export const HubGroupServers = z.object({ items: z.array(HubGroupServer) });
