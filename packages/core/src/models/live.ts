import { may } from '../access/require.ts';
import type { LiveRules } from '../live.ts';

export const modelLive: LiveRules<'model.changed'> = {
  'model.changed': {
    // Also told to who saw it before and does not see it any more.
    sees: (ctx, { sights }) =>
      sights.some((sight) => may(ctx, 'model.read', { type: 'model', builtIn: false, ...sight })),
    invalidates: ['models'],
  },
};
