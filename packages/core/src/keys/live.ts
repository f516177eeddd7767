import { accessChanged } from '../access/live.ts';
import type { LiveRules } from '../live.ts';

export const keyLive: LiveRules<'key.changed'> = {
  'key.changed': { ...accessChanged, sees: () => true },
};
