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
  /** A client that a person signed in for: it opens one endpoint, as far as the person let it. */
  | {
      type: 'grant';
      id: string;
      userId: string;
      username: string;
      role: Role;
      /** Of the token that was brought: the grant's own, or fewer. */
      scopes: readonly string[];
      bounds: KeyBounds;
      endpoint: string;
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
    case 'grant':
      return actor.userId;
    case 'local':
    case 'anonymous':
    case 'system':
      return null;
  }
}

/** Id of the API key or the OAuth grant that somebody acts with; null for a person's own sign-in, and for the hub. */
export function keyIdOf(actor: Actor): string | null {
  return actor.type === 'key' || actor.type === 'grant' ? actor.id : null;
}

/** The person that a limit counts for: the user behind a sign-in, key or grant, else the kind of the actor. */
export function personOf(actor: Actor): string {
  return userIdOf(actor) ?? actor.type;
}
