import type { Ctx } from '../context.ts';

type SignInContext = Pick<Ctx, 'actor' | 'events' | 'clock' | 'expiresAt'>;

/** A timer holds no longer span. */
const longestMs = 2 ** 31 - 1;

/**
 * Calls back when the actor has to authenticate again, so that an open stream does not outlive its sign-in: the session
 * ended, the key or its owner changed, or the token or key expired. Returns the function that stops listening.
 */
export function onSignedOut({ actor, events, clock, expiresAt }: SignInContext, end: () => void): () => void {
  const left = expiresAt === null ? null : Math.max(0, expiresAt.getTime() - clock.now());
  const timer = left === null || left > longestMs ? undefined : setTimeout(end, left);
  const unsubscribe = events.subscribe((event) => {
    if (actor.type === 'user' && event.type === 'session.ended' && event.sid === actor.sessionId) end();
    if (actor.type !== 'key' && actor.type !== 'grant') return;
    const own = event.type === `${actor.type}.changed` && 'id' in event && event.id === actor.id;
    if (own || (event.type === 'user.changed' && event.id === actor.userId)) end();
  });
  return () => {
    unsubscribe();
    clearTimeout(timer);
  };
}

/** Passes events on as long as the actor is signed in. */
export async function* whileSignedIn<T>(
  ctx: SignInContext & Pick<Ctx, 'signal'>,
  tell: (signal: AbortSignal) => AsyncIterable<T>,
): AsyncGenerator<T, void> {
  const gone = new AbortController();
  const unwatch = onSignedOut(ctx, () => gone.abort());
  try {
    yield* tell(AbortSignal.any([ctx.signal, gone.signal]));
  } finally {
    unwatch();
  }
}
