import { may } from '../access/require.ts';
import type { LiveRules } from '../live.ts';

export const graphLive: LiveRules<'graph.changed'> = {
  'graph.changed': {
    // Also sent to callers who saw the object before and no longer see it.
    sees: (ctx, { sights }) => sights.some((sight) => may(ctx, 'graph.read', { type: 'graph', ...sight })),
    invalidates: ['graphs'],
  },
};
