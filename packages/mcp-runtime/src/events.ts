import type { RuntimeEvent } from './types.ts';

export interface Events {
  emit(this: void, event: RuntimeEvent): void;
  subscribe(this: void, listener: (event: RuntimeEvent) => void): () => void;
}

/**
 * Publishes events to listeners; a listener that throws is reported and affects neither the others nor the publisher.
 */
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
