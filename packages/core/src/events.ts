import type { AppResource, ConversationResource, GraphResource, ModelResource } from './access/subject.ts';
import type { AttemptEvent } from './access/throttle.ts';
import type { Section } from './configuration/schema.ts';
import { messageOf } from './errors.ts';
import type { Log } from './ports.ts';

/** The fields that decide who sees a model: before a change, and after it. */
export type ModelSight = Pick<ModelResource, 'owner' | 'visibility' | 'groups' | 'refs'>;

/** What says who reads a conversation. */
export type ConversationSight = Omit<ConversationResource, 'type'>;

/** What says who sees an app. */
export type AppSight = Omit<AppResource, 'type'>;

/** What says who sees a graph. */
export type GraphSight = Omit<GraphResource, 'type'>;

/** What follows the database in memory: the specs of servers, who may do what, simulated products, the settings, and what people gave of their own. */
export type AffectedPart = 'runtime' | 'access' | 'simulator' | 'settings' | 'personal';

/** A kind of event: what it tells, and what has to be read again after it. */
interface EventKind<Told extends object> {
  affects: readonly AffectedPart[];
  /** By type alone. */
  told?: Told;
}

function telling<Told extends object>(...affects: AffectedPart[]): EventKind<Told> {
  return { affects };
}

/** Every kind of event. */
export const eventKinds = {
  'config.changed': telling<{ section: Section }>('settings'),
  'server.created': telling<{ id: string }>('runtime'),
  'server.changed': telling<{ id: string }>('runtime'),
  // It leaves its groups, and the keys that were confined to it.
  'server.removed': telling<{ id: string }>('runtime', 'access'),
  // Somebody signed in to a server, or out of it; without a user, for everybody.
  'server.sign-in': telling<{ id: string; userId: string | null }>('personal'),
  /** Somebody filled in slots of a server; null: what everybody filled in is gone. */
  'slots.changed': telling<{ id: string; person: string | null }>('personal'),
  'group.changed': telling<{ id: string }>('access'),
  'group.removed': telling<{ id: string }>('access'),
  'user.changed': telling<{ id: string }>('access'),
  'session.ended': telling<{ sid: string; userId: string }>(),
  'key.changed': telling<{ id: string }>('access'),
  'grant.changed': telling<{ id: string; userId: string }>('access'),
  'stack.changed': telling<{ id: string; owner: string | null; engine: string; project: string }>(),
  // Who takes a turn reads the model it takes.
  'model.changed': telling<{ id: string; sights: readonly ModelSight[] }>(),
  'conversation.changed': telling<{ id: string; sights: readonly ConversationSight[] }>(),
  'app.changed': telling<{ id: string; sights: readonly AppSight[] }>('simulator'),
  'graph.changed': telling<{ id: string; sights: readonly GraphSight[] }>(),
  'app-token.changed': telling<{ id: string; owner: string | null }>('simulator'),
  'app-prompt.changed': telling<{ name: string }>('simulator'),
  /** It began or ended, or somebody takes care of it. */
  'alert.changed': telling<{ id: string; serverId: string | null }>(),
  'alert-rule.changed': telling<{ id: string }>(),
  // Whoever answers a call looks at the version of the state.
  'app-state.changed': telling<{ id: string; owner: string | null }>(),
} as const;

type EventKinds = typeof eventKinds;

/** What the domain tells the rest of the process, after commit. */
export type DomainEvent = {
  [Type in keyof EventKinds]: EventKinds[Type] extends EventKind<infer Told> ? Told & { type: Type } : never;
}[keyof EventKinds];

/** What several events affect together. */
export function affectedBy(events: readonly Pick<DomainEvent, 'type'>[]): Set<AffectedPart> {
  return new Set(events.flatMap(({ type }) => eventKinds[type].affects));
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
