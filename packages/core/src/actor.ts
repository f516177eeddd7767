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
