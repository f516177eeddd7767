import { may } from '../access/require.ts';
import type { LiveRules } from '../live.ts';

export const conversationLive: LiveRules<'conversation.changed'> = {
  'conversation.changed': {
    // Also sent to callers who read the object before and no longer see it.
    sees: (ctx, { sights }) =>
      sights.some((sight) => may(ctx, 'conversation.read', { type: 'conversation', ...sight })),
    invalidates: ['conversations', 'graphs.runs', 'generation'],
  },
};
