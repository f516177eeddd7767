import { userIdOf } from '../actor.ts';
import type { LiveRules } from '../live.ts';

export const signInLive: LiveRules<'server.sign-in'> = {
  // Whose sign-in it is is nobody else's matter.
  'server.sign-in': {
    invalidates: [],
    ofOne: { id: ({ id }) => id, invalidates: ['signIns.get', 'servers.get'] },
    sees: ({ actor }, { userId }) => userId === null || userIdOf(actor) === userId,
    server: ({ id }) => id,
  },
};
