import type { Ctx } from '@switchboard/core';

/**
 * Tells when whoever acts has to prove again who it is, so that an open stream does not outlive its sign-in: the
 * session ended, or the key or its owner changed. Gives the function that stops listening.
 */
export function onSignedOut({ actor, events }: Pick<Ctx, 'actor' | 'events'>, end: () => void): () => void {
  return events.subscribe((event) => {
    if (actor.type === 'user' && event.type === 'session.ended' && event.sid === actor.sessionId) end();
    if (actor.type !== 'key') return;
    const own = event.type === 'key.changed' && event.id === actor.id;
    if (own || (event.type === 'user.changed' && event.id === actor.userId)) end();
  });
}
