import { z } from 'zod';
import { grantable } from '../access/actions.ts';
import { NewPassword, Role, Username } from '../access/schema.ts';
import { badName } from '../servers/fields.ts';

/** Powers an admin can grant beyond a role. */
export const Grant = z.enum(grantable);
export type Grant = z.infer<typeof Grant>;

// oxlint-disable-next-line no-control-regex -- refusing control characters is the point
const oneLine = /^[^\u0000-\u001f\u007f]*$/;
function Line(max: number) {
  return z.string().max(max, `must be at most ${max} characters`).regex(oneLine, 'must be one line');
}

/** As it was given: where mail can be sent is not known here. */
export const Email = Line(320);
export const FullName = Line(200);
/** Names and short texts, for example firstName, lastName, department. */
export const Profile = z
  .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'names must be letters, digits, _ or -'), Line(1_024), {
    error: badName,
  })
  .refine((profile) => Object.keys(profile).length <= 32, 'must have at most 32 entries');
export type Profile = z.infer<typeof Profile>;

const GroupIds = z.array(z.string().min(1).max(64)).max(100);
/** An id, or a name, whose letters may take two places each. */
const UserRef = z.string().min(1).max(128);

export const Register = z.object({
  username: Username,
  password: NewPassword,
  email: Email.nullish(),
  fullName: FullName.nullish(),
});

export const CreateUser = z.object({
  username: Username,
  /** Where it is absent, one is generated, shown once, and has to be changed. */
  password: NewPassword.optional(),
  email: Email.nullish(),
  fullName: FullName.nullish(),
  role: Role.default('user'),
  groups: GroupIds.default([]),
  profile: Profile.default({}),
  grants: z.array(Grant).max(grantable.length).default([]),
  mustChangePassword: z.boolean().optional(),
  /** Made to be let in later. */
  disabled: z.boolean().optional(),
});
export type CreateUser = z.infer<typeof CreateUser>;

/** Fields that are missing keep their value. `role`, `grants`, `groups`, `disabled` and `password` are for admins. */
export const UserPatch = z.object({
  username: Username.optional(),
  password: NewPassword.optional(),
  email: Email.nullable().optional(),
  fullName: FullName.nullable().optional(),
  profile: Profile.optional(),
  role: Role.optional(),
  grants: z.array(Grant).max(grantable.length).optional(),
  groups: GroupIds.optional(),
  disabled: z.boolean().optional(),
  mustChangePassword: z.boolean().optional(),
});
export type UserPatch = z.infer<typeof UserPatch>;

/** `id`: id or user name. */
export const UserById = z.object({ id: UserRef });
export const UpdateUser = z.object({ id: UserRef, patch: UserPatch });

export const userSorts = ['username', 'email', 'role', 'createdAt', 'lastLoginAt'] as const;

/** Each account has exactly one. */
export const userStatuses = ['enabled', 'disabled', 'pending'] as const;

export const ListUsers = z.object({
  search: z.string().max(256).optional(),
  role: z.array(Role).optional(),
  status: z.array(z.enum(userStatuses)).optional(),
  /** Members of any of these groups. */
  group: GroupIds.optional(),
  enabled: z.boolean().optional(),
  /** false: accounts that registered themselves and wait. */
  approved: z.boolean().optional(),
  createdAfter: z.date().optional(),
  createdBefore: z.date().optional(),
  lastLoginAfter: z.date().optional(),
  sort: z.enum(userSorts).optional(),
  order: z.enum(['asc', 'desc']).optional(),
  page: z.int().min(1).default(1),
  limit: z.int().min(1).max(1_000).default(20),
});
export type ListUsers = z.infer<typeof ListUsers>;

export const FindUsers = z.object({ search: z.string().max(256), limit: z.int().min(1).max(50).default(20) });

export interface UserGroup {
  id: string;
  displayName: string;
  role: 'member' | 'manager';
  status: 'active' | 'pending';
}

/** An account as admins and its owner see it; never a password or its hash. */
export interface User {
  id: string;
  username: string;
  email: string | null;
  fullName: string | null;
  profile: Profile;
  role: Role;
  grants: Grant[];
  /** Words as `server:read`, `*` for admins. */
  permissions: string[];
  groups: UserGroup[];
  disabled: boolean;
  /** false: it registered itself and no admin has approved it. */
  approved: boolean;
  mustChangePassword: boolean;
  mfaEnabled: boolean;
  createdAt: Date;
  updatedAt: Date;
  lastLoginAt: Date | null;
}

export interface CreatedUser extends User {
  /** Shown once; null where a password was given. */
  generatedPassword: string | null;
}

export interface UserPage {
  items: User[];
  total: number;
}

/** The fields of an account that managers of groups may know. */
export interface FoundUser {
  id: string;
  username: string;
  fullName: string | null;
}
