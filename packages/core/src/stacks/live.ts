import { may } from '../access/require.ts';
import type { LiveRules } from '../live.ts';

export const stackLive: LiveRules<'stack.changed'> = {
  'stack.changed': {
    sees: (ctx, { owner }) => may(ctx, 'stack.read', { type: 'stack', owner }),
    invalidates: ['stacks.list', 'stacks.get', 'engines.runs'],
  },
};
