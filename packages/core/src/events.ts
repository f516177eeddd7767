import type { ModelResource } from './access/subject.ts';
import type { AttemptEvent } from './access/throttle.ts';
import { messageOf } from './errors.ts';
import type { Log } from './ports.ts';

/** What says who sees a model: as it was before a change, and after it. */
export type ModelSight = Pick<ModelResource, 'owner' | 'visibility' | 'groups' | 'refs'>;

/** What the domain tells the rest of the process, after commit. */
export type DomainEvent =
  | { type: 'server.created'; id: string }
  | { type: 'server.changed'; id: string }
  | { type: 'server.removed'; id: string }
  | { type: 'group.changed'; id: string }
  | { type: 'group.removed'; id: string }
  | { type: 'user.changed'; id: string }
  | { type: 'session.ended'; sid: string; userId: string }
  | { type: 'key.changed'; id: string }
  | { type: 'stack.changed'; id: string; owner: string | null; engine: string; project: string }
  | { type: 'model.changed'; id: string; sights: readonly ModelSight[] };

/** What follows the database in memory: the specs of servers, and who may do what. */
export type Followed = 'runtime' | 'access';

const runtimeOnly = ['runtime'] as const;
const accessOnly = ['access'] as const;
const everything = ['runtime', 'access'] as const;

/** What has to be read again after an event; an event of no row does not compile. */
export const affects: Readonly<Record<DomainEvent['type'], readonly Followed[]>> = {
  'server.created': runtimeOnly,
  'server.changed': runtimeOnly,
  // It leaves its groups, and the keys that were confined to it.
  'server.removed': everything,
  'group.changed': accessOnly,
  'group.removed': accessOnly,
  'user.changed': accessOnly,
  'session.ended': [],
  'key.changed': accessOnly,
  'stack.changed': [],
  // Who takes a turn reads the model it takes.
  'model.changed': [],
};

/** What several events affect together. */
export function affectedBy(events: readonly Pick<DomainEvent, 'type'>[]): Set<Followed> {
  return new Set(events.flatMap(({ type }) => affects[type]));
}

/** What one hub counted and the others on its database count with it; nothing changed by it. */
export type CountEvent = AttemptEvent | { type: 'account.registered'; address: string };

export interface EventBus {
  emit(event: DomainEvent): void;
  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: DomainEvent) => void): () => void;
}

/** Tells every listener in turn; one that throws is logged and stops nobody. */
export function createEventBus(log: Log): EventBus {
  const listeners = new Set<(event: DomainEvent) => void>();
  return {
    emit(event) {
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (error) {
          log.error({ event: event.type, error: messageOf(error) }, 'An event listener failed');
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
