import type { Action } from '../access/actions.ts';
import { may } from '../access/require.ts';
import { onSignedOut } from '../access/signed-out.ts';
import type { EngineResource } from '../access/subject.ts';
import type { Ctx } from '../context.ts';
import { translated } from './errors.ts';

/** An event of changed rights is published before they apply everywhere. */
const settleMs = 500;

/** A signal that aborts once the actor may no longer do this, to each of these or at all. */
export function whileAllowed(
  ctx: Ctx,
  action: Action,
  resources: readonly EngineResource[] = [],
): { signal: AbortSignal; stop(): void } {
  const ending = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  function look() {
    timer = undefined;
    const isAllowed = may(ctx, action) && resources.every((resource) => may(ctx, action, resource));
    if (!isAllowed) ending.abort();
  }
  const unsubscribe = ctx.events.subscribe((event) => {
    const isOwnKey = event.type === 'key.changed' && ctx.actor.type === 'key' && ctx.actor.id === event.id;
    if (event.type === 'user.changed' || isOwnKey) timer ??= setTimeout(look, settleMs);
  });
  const stopWatching = onSignedOut(ctx, () => ending.abort());
  return {
    signal: ending.signal,
    stop: () => {
      unsubscribe();
      stopWatching();
      clearTimeout(timer);
    },
  };
}

/** Reads an open stream for as long as somebody wants it and is allowed to. */
export async function* streamed<Item>(
  ctx: Ctx,
  action: Action,
  wanted: AbortSignal,
  open: (signal: AbortSignal) => AsyncIterable<Item>,
  resources: readonly EngineResource[] = [],
): AsyncGenerator<Item> {
  const allowed = whileAllowed(ctx, action, resources);
  const signal = AbortSignal.any([wanted, allowed.signal]);
  try {
    yield* translated(open(signal));
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    allowed.stop();
  }
}
