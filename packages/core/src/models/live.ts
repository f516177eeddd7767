import { may } from '../access/require.ts';
import type { LiveRules } from '../live.ts';

export const modelLive: LiveRules<'model.changed'> = {
  'model.changed': {
    // Also sent to callers who saw the object before and no longer see it.
    sees: (ctx, { sights }) =>
      sights.some((sight) => may(ctx, 'model.read', { type: 'model', builtIn: false, ...sight })),
    invalidates: ['models'],
  },
};
