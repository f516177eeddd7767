import type { Credential } from '@switchboard/mcp-runtime/types';
import type { Role } from './access/schema.ts';
import type { KeyBounds } from './access/subject.ts';

/** Whoever acts. A key never may more than its owner, whose id and role it carries. */
export type Actor =
  | { type: 'user'; id: string; username: string; role: Role; sessionId: string }
  | {
      type: 'key';
      id: string;
      userId: string;
      username: string;
      role: Role;
      scopes: readonly string[];
      bounds: KeyBounds;
    }
  | { type: 'local' }
  | { type: 'anonymous' }
  | { type: 'system'; job: string };

/** The user behind an actor; null for the local admin, anonymous callers and jobs. */
export function userIdOf(actor: Actor): string | null {
  switch (actor.type) {
    case 'user':
      return actor.id;
    case 'key':
      return actor.userId;
    case 'local':
    case 'anonymous':
    case 'system':
      return null;
  }
}

/** Who is counted where a bound is a person's: the user behind a sign-in or a key, else the kind of the actor. */
export function personOf(actor: Actor): string {
  return userIdOf(actor) ?? actor.type;
}

/**
 * Names a credential for the runtime: sessions, instances and parked calls are bound to it, and counted by the person.
 * It shows up in call records, so it has only the start of a session's handle.
 */
export function credentialOf(actor: Actor): Credential {
  const person = personOf(actor);
  switch (actor.type) {
    case 'user':
      return { key: `user:${actor.id}:${actor.sessionId.slice(0, 16)}`, person };
    case 'key':
      return { key: `key:${actor.userId}:${actor.id}`, person };
    case 'local':
    case 'anonymous':
      return { key: actor.type, person };
    case 'system':
      return { key: `system:${actor.job}`, person };
  }
}
