import { accessChanged } from '../access/live.ts';
import { may } from '../access/require.ts';
import type { LiveRules } from '../live.ts';

export const keyLive: LiveRules<'key.changed' | 'grant.changed'> = {
  'key.changed': { ...accessChanged, sees: () => true },
  'grant.changed': {
    invalidates: ['keys'],
    sees: (ctx, { userId }) => may(ctx, 'key.read', { type: 'key', userId }),
  },
};
