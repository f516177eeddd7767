import { useSyncExternalStore } from 'react';
import { toFailure } from './trpc.ts';

/** Whether the hub answered that its database is away, until `/ready` says that it is back. */
let away = false;
const listeners = new Set<() => void>();

const set = (next: boolean): void => {
  if (away === next) return;
  away = next;
  for (const listener of listeners) listener();
};

/** What a query or a change failed with may tell that the database is away. */
export const noteFailure = (error: unknown): void => {
  if (toFailure(error).code === 'SERVICE_UNAVAILABLE') set(true);
};

/** Asks the hub; true where its database is back. */
export async function askIfBack(): Promise<boolean> {
  const answer = await fetch('/ready').catch(() => null);
  if (answer?.ok) set(false);
  return !away;
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const useDatabaseAway = (): boolean => useSyncExternalStore(subscribe, () => away);
