import type { Ctx } from '@switchboard/core';
import type { User } from '@switchboard/core/users/schema';
import type { AccountUser } from './wire.ts';

export const toAccountUser = (user: User): AccountUser => ({
  id: user.id,
  username: user.username,
  email: user.email,
  full_name: user.fullName,
  disabled: user.disabled,
  created_at: user.createdAt.toISOString(),
});

/** Whoever reaches an open hub: an admin without an account. */
export const localAccount = ({ policy }: Pick<Ctx, 'policy'>): AccountUser => ({
  id: 'local',
  username: 'admin',
  email: null,
  full_name: null,
  disabled: false,
  created_at: new Date(policy.startedAt).toISOString(),
});
