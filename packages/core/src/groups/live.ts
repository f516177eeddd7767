import { accessChanged } from '../access/live.ts';
import type { LiveRules } from '../live.ts';

const changed = { ...accessChanged, sees: () => true };

export const groupLive: LiveRules<'group.changed' | 'group.removed'> = {
  'group.changed': changed,
  'group.removed': changed,
};
