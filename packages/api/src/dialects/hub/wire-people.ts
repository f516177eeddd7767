import { z } from 'zod';
import { Role, roles } from '@switchboard/core/access/schema';
import { AddServerToGroup, CreateGroup, GroupPatch } from '@switchboard/core/groups/schema';
import { CreateUser, UserPatch, userSorts, userStatuses } from '@switchboard/core/users/schema';
import { moment, wordList } from '../kit/words.ts';
import { pageQuery, Pagination } from './wire.ts';

/** Users and groups of the hub API, as documented. */

const timestamp = z.iso.datetime();

export const HubUser = z
  .object({
    id: z.string(),
    username: z.string(),
    email: z.string().nullable().meta({ description: 'null: none was given' }),
    fullName: z.string().nullable().meta({ description: 'null: none was given' }),
    role: Role,
    groups: z.array(z.string()).meta({ description: 'Ids, also of groups where it waits for approval' }),
    pendingGroups: z
      .array(z.string())
      .meta({ description: 'Of `groups`, those that give it nothing until it is approved' }),
    profile: z.record(z.string(), z.string()),
    permissions: z
      .array(z.string())
      .meta({ description: 'The most that the role may, `*` for all; groups and ownership decide at each server' }),
    grants: z.array(z.string()).meta({ description: 'What admins gave to this account beyond its role' }),
    enabled: z.boolean().meta({ description: 'false: it cannot sign in, and its keys do not work' }),
    approved: z.boolean().meta({ description: 'false: registered, and no admin has looked at it' }),
    mfaEnabled: z.boolean().meta({ description: 'Signing in takes a second factor' }),
    mustChangePassword: z.boolean().meta({ description: 'Nothing else works until it has another password' }),
    lastLogin: timestamp.nullable().meta({ description: 'null: it never signed in' }),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'HubUser' });
export type HubUser = z.infer<typeof HubUser>;
export const HubUserPage = z.object({ items: z.array(HubUser), pagination: Pagination });

const sortWords = { lastLogin: 'lastLoginAt' } as const;

export const HubUserQuery = z.object({
  ...pageQuery,
  sort: z
    .enum([...userSorts, 'lastLogin'])
    .transform((word) => (word === 'lastLogin' ? sortWords[word] : word))
    .optional()
    .meta({ description: 'Without it: newest first' }),
  role: wordList(roles).optional().meta({ description: 'Any of these, with commas between them' }),
  status: wordList(userStatuses).optional().meta({
    description:
      'Any of these: `disabled` cannot sign in, `pending` registered and waits for an admin, `enabled` is neither',
  }),
  group: z.string().optional().meta({ description: 'Id of a group' }),
  enabled: z.stringbool().optional().meta({ description: 'false: only disabled ones' }),
  last_login_after: moment.optional(),
  'filter[role]': wordList(roles).optional().meta({ description: 'As `role`' }),
  'filter[group]': z.string().optional().meta({ description: 'Ids of groups with commas between them; any of them' }),
  'filter[enabled]': z.stringbool().optional().meta({ description: 'As `enabled`' }),
  'filter[status]': wordList(userStatuses).optional().meta({ description: 'As `status`' }),
  'filter[approved]': z.stringbool().optional().meta({ description: 'false: those who registered, and wait' }),
});
export type HubUserQuery = z.infer<typeof HubUserQuery>;

/** Refused: `disabled` is a field of the containers API alone, and a caller that sent it here would believe that the account is off. */
const disabled = z.never({ error: 'is not known here: send "enabled": false to disable an account' }).optional();
const mustChange = z.boolean();

export const HubCreateUser = CreateUser.required({ password: true }).extend({
  enabled: z.boolean().default(true).meta({ description: 'false: it cannot sign in, and has no keys' }),
  mustChangePassword: mustChange
    .default(false)
    .meta({ description: 'true: nothing but choosing another password is open to it' }),
  disabled,
});
export const userPath = { userId: z.string().meta({ description: 'Id or user name' }) };
export const ByUser = z.object(userPath);
export const HubUpdateUser = UserPatch.omit({ disabled: true }).extend({
  enabled: z.boolean().optional(),
  mustChangePassword: mustChange.optional().meta({
    description:
      'true: nothing but choosing another password is open to the account. Without it, true where an admin sets `password`',
  }),
  currentPassword: z
    .string()
    .max(1_024)
    .optional()
    .meta({ description: 'Of one’s own account, to change its `password`' }),
  disabled,
  ...userPath,
});
export type HubUpdateUser = z.infer<typeof HubUpdateUser>;

export const HubGroup = z
  .object({
    id: z.string(),
    name: z.string(),
    displayName: z.string(),
    description: z.string(),
    parentGroup: z
      .string()
      .nullable()
      .meta({ description: 'Id of the group above, whose servers its members have too; null: none' }),
    permissions: z
      .object({ servers: z.array(z.string()), tools: z.array(z.string()) })
      .meta({ description: 'The most that it gives at any of its servers' }),
    settings: z.object({
      autoAssign: z.boolean().meta({ description: 'Accounts that an admin makes or approves become members' }),
      maxMembers: z.int().nullable().meta({ description: 'With those who wait for approval; null: any number' }),
      requireApproval: z.boolean().meta({ description: 'New members wait until a manager of the group approves' }),
    }),
    memberCount: z.int().meta({ description: 'Without those who wait' }),
    pendingCount: z.int().meta({ description: 'Those who wait for approval' }),
    serverCount: z.int().meta({ description: 'Its own, without those of groups above' }),
    children: z.array(z.string()).meta({ description: 'Ids of the groups directly below' }),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'HubGroup' });
export type HubGroup = z.infer<typeof HubGroup>;
export const HubGroupPage = z.object({ items: z.array(HubGroup), pagination: Pagination });

export const HubGroupQuery = z.object({
  ...pageQuery,
  sort: z
    .enum(['name', 'displayName', 'createdAt', 'updatedAt', 'members', 'servers'])
    .optional()
    .meta({ description: 'Without it: newest first' }),
  'filter[parentGroup]': z.string().optional().meta({ description: 'Id of the group above' }),
  'filter[member]': z.string().optional().meta({ description: 'Id of a user' }),
  'filter[server]': z.string().optional().meta({ description: 'Id of a server' }),
});
export type HubGroupQuery = z.infer<typeof HubGroupQuery>;

export const HubCreateGroup = CreateGroup;
export const groupPath = { groupId: z.string().meta({ description: 'Id of the group' }) };
export const ByGroup = z.object(groupPath);
export const HubUpdateGroup = GroupPatch.extend({
  name: z.string().optional().meta({
    description: 'Another one than it has is refused: it stands in addresses. People are shown `displayName`',
  }),
  ...groupPath,
});

const MemberWord = z.enum(['member', 'manager', 'maintainer', 'admin']).meta({
  description:
    'A `manager` changes the group, its members and servers. `maintainer` and `admin` are other words for one and give no more; answers show the one that was given',
});
export type MemberWord = z.infer<typeof MemberWord>;

export const HubAddMember = z.object({
  ...groupPath,
  userId: z.string().min(1).meta({ description: 'Id or user name' }),
  role: MemberWord.default('member'),
});
export const ByMember = z.object({ ...groupPath, ...userPath });
export const HubUpdateMember = ByMember.extend({ role: MemberWord });
export const HubMember = z
  .object({
    groupId: z.string(),
    userId: z.string(),
    username: z.string(),
    role: MemberWord,
    status: z
      .enum(['active', 'pending'])
      .meta({ description: '`pending`: waits for approval, and has nothing of the group yet' }),
    joinedAt: timestamp,
  })
  .meta({ id: 'HubMember' });
export type HubMember = z.infer<typeof HubMember>;
export const HubMembers = z.object({ items: z.array(HubMember) });

export const HubAddServer = z.object({
  ...groupPath,
  serverId: z.string().min(1).optional().meta({ description: 'Id or unique name; either this or `serverName`' }),
  serverName: z.string().min(1).optional().meta({ description: 'Another name of `serverId`' }),
  permissions: AddServerToGroup.shape.permissions.meta({
    description:
      '`read`: see it; `execute`: call its tools; `write`: change, start, stop, share and remove it, and read its logs. `read` comes with each',
  }),
  alias: AddServerToGroup.shape.alias,
});
export const ByGroupServer = z.object({ ...groupPath, serverId: z.string().meta({ description: 'Id of the server' }) });
export const HubGroupServer = z
  .object({
    groupId: z.string(),
    serverId: z.string(),
    name: z.string(),
    permissions: z.array(z.string()),
    effective: z.array(z.string()).meta({ description: 'What is left of them after the permissions of the group' }),
    alias: z.string().nullable().meta({ description: 'Its name at the endpoint of the group; null: its id' }),
    toolCount: z.int().meta({ description: 'Tools that members are offered' }),
  })
  .meta({ id: 'HubGroupServer' });
export type HubGroupServer = z.infer<typeof HubGroupServer>;
export const HubGroupServers = z.object({ items: z.array(HubGroupServer) });
