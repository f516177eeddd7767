import { personOf } from '../actor.ts';
import type { LiveRules } from '../live.ts';

/** Who filled in what is each person's own. */
export const slotLive: LiveRules<'slots.changed'> = {
  'slots.changed': {
    sees: ({ actor }, { person }) => person === null || person === personOf(actor),
    server: ({ id }) => id,
    invalidates: ['slots', 'servers.list'],
    ofOne: { id: ({ id }) => id, invalidates: ['servers.get'] },
  },
};
