import type { LiveRule } from '../live.ts';

/** With people, groups and keys may change what there is to see, and what one may do. */
export const accessChanged = {
  invalidates: ['auth.me', 'account', 'users', 'groups', 'keys', 'access', 'servers', 'models', 'system.overview'],
  settles: true,
} as const satisfies Pick<LiveRule, 'invalidates' | 'settles'>;
