import { z } from 'zod';
import { memberRoles, memberStatuses } from '@switchboard/db/words';
import { ItemName, ItemType, Slug } from '../servers/schema.ts';
import { VersionNumber, type TextDiff, type VersionSummary } from '../versions/schema.ts';

export { ItemType, memberRoles, memberStatuses };

export const serverPermissions = ['read', 'write', 'execute'] as const;
export const toolPermissions = ['read', 'execute'] as const;

export const ServerPermission = z.enum(serverPermissions);
export type ServerPermission = z.infer<typeof ServerPermission>;
export const ToolPermission = z.enum(toolPermissions);
export type ToolPermission = z.infer<typeof ToolPermission>;
export const MemberRole = z.enum(memberRoles);
export type MemberRole = z.infer<typeof MemberRole>;
export const MemberStatus = z.enum(memberStatuses);

/** Whoever may use or manage an object sees it too. */
function withRead<Permission extends string>(given: readonly Permission[]): Permission[] {
  return given.length === 0 ? [] : [...new Set(['read' as Permission, ...given])];
}
const ServerPermissions = z.array(ServerPermission).max(16).transform(withRead);
const ToolPermissions = z.array(ToolPermission).max(16).transform(withRead);

// oxlint-disable-next-line no-control-regex -- refusing control characters is the point
const oneLine = /^[^\u0000-\u001f\u007f]*$/;
const Name = z
  .string()
  .max(128, 'must be at most 128 characters')
  .regex(oneLine, 'must be one line')
  .refine((name) => name.trim() !== '', 'must not be empty')
  .meta({ minLength: 1 });
const Description = z
  .string()
  .max(4_096, 'must be at most 4096 characters')
  .refine((text) => !text.includes('\0'), 'must not contain a NUL character');
const Ref = z.string().min(1).max(256);

/** Most a group gives at its servers, and at their tools. */
export const GroupPermissions = z.object({
  servers: ServerPermissions.default(['read', 'execute']),
  tools: ToolPermissions.default(['read', 'execute']),
});
export const GroupSettings = z.object({
  /** Accounts that an admin makes or approves become members. */
  autoAssign: z.boolean().default(false),
  /** null = any number. */
  maxMembers: z.int().min(1).max(1_000_000).nullable().default(null),
  /** New members wait until a manager of the group approves them. */
  requireApproval: z.boolean().default(false),
});

export const CreateGroup = z.object({
  /** Becomes the slug, which is the id and is used in URLs. */
  name: Name,
  displayName: Name.optional(),
  description: Description.default(''),
  parentGroup: Ref.nullish(),
  permissions: GroupPermissions.prefault({}),
  settings: GroupSettings.prefault({}),
});
export type CreateGroup = z.infer<typeof CreateGroup>;

/** Fields that are missing keep their value; the slug stays. */
export const GroupPatch = z.object({
  displayName: Name.optional(),
  description: Description.optional(),
  parentGroup: Ref.nullable().optional(),
  permissions: z.object({ servers: ServerPermissions.optional(), tools: ToolPermissions.optional() }).optional(),
  settings: z
    .object({
      autoAssign: z.boolean().optional(),
      maxMembers: z.int().min(1).max(1_000_000).nullable().optional(),
      requireApproval: z.boolean().optional(),
    })
    .optional(),
});
export type GroupPatch = z.infer<typeof GroupPatch>;

export const GroupById = z.object({ id: Ref });
export const UpdateGroup = z.object({ id: Ref, patch: GroupPatch });
export const DiffGroup = GroupById.extend({ from: VersionNumber, to: VersionNumber });
export const RestoreGroup = GroupById.extend({ number: VersionNumber });

export const groupSorts = ['name', 'displayName', 'createdAt', 'updatedAt', 'members', 'servers'] as const;
export const ListGroups = z.object({
  search: z.string().max(256).optional(),
  /** Children of this group; null = groups without a parent. */
  parentGroup: Ref.nullable().optional(),
  /** Groups this user is a member of. */
  member: Ref.optional(),
  /** Groups this server is in. */
  server: Ref.optional(),
  createdAfter: z.date().optional(),
  createdBefore: z.date().optional(),
  sort: z.enum(groupSorts).optional(),
  order: z.enum(['asc', 'desc']).optional(),
  page: z.int().min(1).default(1),
  limit: z.int().min(1).max(1_000).default(20),
});
export type ListGroups = z.infer<typeof ListGroups>;

/** `userId`: id or user name. */
const RoleWord = z.enum(['maintainer', 'admin']);
/** `roleWord`: another word for a manager, to be shown instead. */
export const AddMember = z.object({
  groupId: Ref,
  userId: Ref,
  role: MemberRole.default('member'),
  roleWord: RoleWord.optional(),
});
export type AddMember = z.infer<typeof AddMember>;
export const MemberRef = z.object({ groupId: Ref, userId: Ref });
export const UpdateMember = z.object({ groupId: Ref, userId: Ref, role: MemberRole, roleWord: RoleWord.optional() });
export const ListMembers = z.object({ groupId: Ref, status: MemberStatus.optional() });

export const AddServerToGroup = z.object({
  groupId: Ref,
  serverId: Ref,
  permissions: ServerPermissions.default(['read', 'execute']),
  /** Stands in tool names instead of the server's id. */
  alias: Slug.nullish(),
});
export const GroupServerRef = z.object({ groupId: Ref, serverId: Ref });
export const UpdateGroupServer = z.object({
  groupId: Ref,
  serverId: Ref,
  permissions: ServerPermissions.optional(),
  alias: Slug.nullable().optional(),
  /** Types of which only the items switched on here are exposed; new ones stay out. */
  chosen: z.array(ItemType).max(4).optional(),
});
export const SetGroupItem = z.object({
  groupId: Ref,
  serverId: Ref,
  type: ItemType,
  name: ItemName,
  enabled: z.boolean().optional(),
  /** Another name for a tool or a prompt; null = its own. */
  rename: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 letters, digits, '_' or '-'")
    .nullable()
    .optional(),
  description: z.string().max(16_384).nullable().optional(),
});
/** Many items of one type at once: these are exposed, and nothing else of the type. */
export const ChooseGroupItems = z.object({
  groupId: Ref,
  serverId: Ref,
  type: ItemType,
  names: z.array(z.string().min(1).max(2_000)).max(10_000),
});

/** The rights of the actor on a group that it sees. */
export interface GroupRights {
  update: boolean;
  remove: boolean;
  members: boolean;
  servers: boolean;
  /** May give it more permissions or another parent. */
  widen: boolean;
}

export interface Group {
  /** The slug. */
  id: string;
  /** As it was given. */
  name: string;
  displayName: string;
  description: string;
  parentGroup: string | null;
  permissions: { servers: ServerPermission[]; tools: ToolPermission[] };
  settings: { autoAssign: boolean; maxMembers: number | null; requireApproval: boolean };
  /** Active ones. */
  memberCount: number;
  pendingCount: number;
  serverCount: number;
  /** Ids of the groups below that the actor sees. */
  children: string[];
  /** How the actor belongs to it; `inherited` through a group below. */
  membership: 'member' | 'manager' | 'inherited' | 'pending' | null;
  createdBy: string | null;
  createdAt: Date;
  updatedAt: Date;
  can: GroupRights;
}

export interface GroupPage {
  items: Group[];
  total: number;
}

export interface Member {
  groupId: string;
  userId: string;
  username: string;
  fullName: string | null;
  role: MemberRole;
  /** The word that was given for the role; null: the role itself. */
  roleWord: 'maintainer' | 'admin' | null;
  status: 'active' | 'pending';
  createdAt: Date;
}

export interface GroupServer {
  groupId: string;
  serverId: string;
  name: string;
  permissions: ServerPermission[];
  /** The permissions that remain within the group's own. */
  effective: ServerPermission[];
  alias: string | null;
  chosen: ItemType[];
  /** Tools that the endpoint exposes of it. */
  toolCount: number;
}

/** One item of a server as a group's endpoint shows it. */
export interface GroupItemView {
  type: ItemType;
  /** As the server says it. */
  name: string;
  /** As clients of the endpoint see it. */
  exposedName: string;
  title: string | null;
  description: string | null;
  originalDescription: string | null;
  rename: string | null;
  enabled: boolean;
  /** Why it is not exposed although it is switched on here: the server's owner switched it off. */
  blocked: boolean;
}

export interface ExposedTool {
  serverId: string;
  name: string;
  exposedName: string;
  description: string | null;
  /** Estimated tokens of its definition in a model's context. */
  tokens: number;
}

/** The items at the group's endpoint, and their cost in a model's context. */
export interface GroupExposure {
  endpoint: { streamable: string; sse: string };
  tools: ExposedTool[];
  prompts: number;
  resources: number;
  /** Estimated tokens of everything that a client puts before a model. */
  tokens: number;
  /** Names that two items want; only the first gets it. */
  collisions: { exposedName: string; type: 'tool' | 'prompt'; serverId: string; name: string; takenBy: string }[];
  /** URIs that more than one server lists. */
  duplicateUris: string[];
}

export interface GroupVersions {
  versions: VersionSummary[];
  /** As many are kept. */
  most: number;
}

export interface GroupDiff {
  settings: TextDiff;
}
