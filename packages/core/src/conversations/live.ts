import { may } from '../access/require.ts';
import type { LiveRules } from '../live.ts';

export const conversationLive: LiveRules<'conversation.changed'> = {
  'conversation.changed': {
    // Also told to who read it before and does not see it any more.
    sees: (ctx, { sights }) =>
      sights.some((sight) => may(ctx, 'conversation.read', { type: 'conversation', ...sight })),
    invalidates: ['conversations', 'graphs.runs', 'generation'],
  },
};
