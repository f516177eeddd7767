import type { User } from '../../lib/api-types.ts';
import type { Inputs } from '../../lib/trpc.ts';

/** What the forms of an account hold. */
export interface UserDraft {
  username: string;
  password: string;
  fullName: string;
  email: string;
  role: User['role'];
  groups: string[];
  grants: string[];
  mustChangePassword: boolean;
}

export const emptyDraft: UserDraft = {
  username: '',
  password: '',
  fullName: '',
  email: '',
  role: 'user',
  groups: [],
  grants: [],
  mustChangePassword: true,
};

export function toDraft(user: User): UserDraft {
  return {
    username: user.username,
    password: '',
    fullName: user.fullName ?? '',
    email: user.email ?? '',
    role: user.role,
    groups: user.groups.map(({ id }) => id),
    grants: [...user.grants],
    mustChangePassword: user.mustChangePassword,
  };
}

type Grants = NonNullable<Inputs['users']['create']['grants']>;

function shared(draft: UserDraft) {
  return {
    username: draft.username.trim(),
    email: draft.email.trim() || null,
    fullName: draft.fullName.trim() || null,
    role: draft.role,
    grants: draft.grants as Grants,
    groups: draft.groups,
  };
}

/** Without a password the hub makes one, which has to be changed. */
export function toCreate(draft: UserDraft): Inputs['users']['create'] {
  const { password, mustChangePassword } = draft;
  return { ...shared(draft), ...(password === '' ? {} : { password, mustChangePassword }) };
}

export function toPatch(draft: UserDraft): Inputs['users']['update']['patch'] {
  const { password, mustChangePassword } = draft;
  return { ...shared(draft), mustChangePassword, ...(password === '' ? {} : { password }) };
}
