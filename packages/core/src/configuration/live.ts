import { may } from '../access/require.ts';
import type { LiveRules } from '../live.ts';

/** Everybody sees the name, the banner, and what people may do. */
export const configurationLive: LiveRules<'config.changed'> = {
  'config.changed': {
    sees: (ctx, { section }) =>
      may(ctx, 'config.read') || ['appearance', 'registration', 'retention'].includes(section),
    invalidates: ['configuration', 'auth.me', 'system.info', 'audit.retention'],
  },
};
