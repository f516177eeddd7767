import { useSyncExternalStore } from 'react';

const patienceMs = 10_000;

const listeners = new Set<() => void>();
let lookedAt = true;
let timer: ReturnType<typeof setTimeout> | undefined;

function set(value: boolean): void {
  if (value === lookedAt) return;
  lookedAt = value;
  for (const tell of listeners) tell();
}

function onChange(): void {
  clearTimeout(timer);
  if (document.visibilityState === 'visible') set(true);
  else timer = setTimeout(() => set(false), patienceMs);
}

function subscribe(tell: () => void): () => void {
  if (listeners.size === 0) document.addEventListener('visibilitychange', onChange);
  listeners.add(tell);
  return () => {
    listeners.delete(tell);
    if (listeners.size === 0) document.removeEventListener('visibilitychange', onChange);
  };
}

/**
 * False once the tab has been in the background for a while. A browser opens six connections to a host, and each
 * stream takes one: tabs that nobody looks at give theirs back.
 */
export function useLookedAt(): boolean {
  return useSyncExternalStore(subscribe, () => lookedAt);
}
