import { accessChanged } from '../access/live.ts';
import { may } from '../access/require.ts';
import type { LiveRules } from '../live.ts';

export const userLive: LiveRules<'user.changed' | 'session.ended'> = {
  'user.changed': { ...accessChanged, sees: (ctx, { id }) => may(ctx, 'user.read', { type: 'user', id }) },
  'session.ended': null,
};
