import { may } from '../access/require.ts';
import type { LiveRules } from '../live.ts';

export const oauthLive: LiveRules<'grant.changed'> = {
  'grant.changed': {
    invalidates: ['oauth'],
    sees: (ctx, { userId }) => may(ctx, 'grant.read', { type: 'grant', userId }),
  },
};
