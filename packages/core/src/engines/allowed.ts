import { may } from '../access/require.ts';
import type { Action } from '../access/actions.ts';
import type { Actor, Ctx } from '../context.ts';
import type { DomainEvent } from '../events.ts';
import { translated } from './errors.ts';

/** A change of rights is told before it is in force everywhere. */
const settleMs = 500;

const endsSignIn = (event: DomainEvent, actor: Actor): boolean => {
  if (actor.type === 'user') return event.type === 'session.ended' && event.sid === actor.sessionId;
  return actor.type === 'key' && event.type === 'key.changed' && event.id === actor.id;
};

/** A signal that aborts once the actor may no longer do this at all. */
export const whileAllowed = (ctx: Ctx, action: Action): { signal: AbortSignal; stop(): void } => {
  const ending = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    timer = undefined;
    if (!may(ctx, action)) ending.abort();
  };
  const unsubscribe = ctx.events.subscribe((event) => {
    if (endsSignIn(event, ctx.actor)) ending.abort();
    else if (event.type === 'user.changed') timer ??= setTimeout(look, settleMs);
  });
  return {
    signal: ending.signal,
    stop: () => {
      unsubscribe();
      clearTimeout(timer);
    },
  };
};

/** Reads an open stream for as long as somebody wants it and is allowed to. */
export async function* streamed<Item>(
  ctx: Ctx,
  action: Action,
  wanted: AbortSignal,
  open: (signal: AbortSignal) => AsyncIterable<Item>,
): AsyncGenerator<Item> {
  const allowed = whileAllowed(ctx, action);
  const signal = AbortSignal.any([wanted, allowed.signal]);
  try {
    yield* translated(open(signal));
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    allowed.stop();
  }
}
