import { useSyncExternalStore } from 'react';
import { toFailure } from './trpc.ts';

/** Whether the hub answered that its database is away, until `/ready` says that it is back. */
let away = false;
const listeners = new Set<() => void>();

function set(next: boolean): void {
  if (away === next) return;
  away = next;
  for (const listener of listeners) listener();
}

/** What a query or a change failed with may tell that the database is away. */
export function noteFailure(error: unknown): void {
  if (toFailure(error).code === 'SERVICE_UNAVAILABLE') set(true);
}

/** Asks the hub; true where its database is back. */
export async function askIfBack(): Promise<boolean> {
  const answer = await fetch('/ready').catch(() => null);
  if (answer?.ok) set(false);
  return !away;
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function useDatabaseAway(): boolean {
  return useSyncExternalStore(subscribe, () => away);
}
