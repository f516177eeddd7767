import { may } from '../access/require.ts';
import type { LiveRules } from '../live.ts';
import { stackResource } from './queries.ts';

export const stackLive: LiveRules<'stack.changed'> = {
  'stack.changed': {
    sees: (ctx, { owner, engine, project }) =>
      may(ctx, 'stack.read', stackResource({ engine, project, ownerId: owner })),
    invalidates: ['stacks.list', 'stacks.get', 'stacks.versions', 'engines.runs'],
  },
};
