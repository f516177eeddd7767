import { may } from '../access/require.ts';
import type { LiveRules } from '../live.ts';

export const appLive: LiveRules<'app.changed' | 'app-token.changed' | 'app-prompt.changed' | 'app-state.changed'> = {
  'app.changed': {
    // Also sent to callers who saw the object before and no longer see it.
    sees: (ctx, { sights }) => sights.some((sight) => may(ctx, 'app.read', { type: 'app', ...sight })),
    invalidates: ['apps'],
  },
  'app-token.changed': {
    sees: (ctx, { owner }) => may(ctx, 'app-token.read', { type: 'app-token', userId: owner }),
    invalidates: ['apps.tokens'],
  },
  'app-prompt.changed': { sees: (ctx) => may(ctx, 'simulator.read'), invalidates: ['apps.prompts'] },
  'app-state.changed': {
    sees: (ctx, { owner }) => may(ctx, 'app-token.read', { type: 'app-token', userId: owner }),
    invalidates: ['apps.state'],
  },
};
