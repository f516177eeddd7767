import type { RuntimeEvent } from './types.ts';

export interface Events {
  emit(this: void, event: RuntimeEvent): void;
  subscribe(this: void, listener: (event: RuntimeEvent) => void): () => void;
}

/** Tells listeners what happens; one that throws is reported and harms neither the others nor who told. */
export function createEvents(onError: (error: unknown) => void): Events {
  const listeners = new Set<(event: RuntimeEvent) => void>();
  return {
    emit(event) {
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (error) {
          onError(error);
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
