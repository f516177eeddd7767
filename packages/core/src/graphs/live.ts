import { may } from '../access/require.ts';
import type { LiveRules } from '../live.ts';

export const graphLive: LiveRules<'graph.changed'> = {
  'graph.changed': {
    // Also told to who saw it before and does not see it any more.
    sees: (ctx, { sights }) => sights.some((sight) => may(ctx, 'graph.read', { type: 'graph', ...sight })),
    invalidates: ['graphs'],
  },
};
