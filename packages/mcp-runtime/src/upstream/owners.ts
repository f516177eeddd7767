import { createHash } from 'node:crypto';
import type { JsonObject } from '../types.ts';
import type { Era } from '../versions.ts';
import { askable, canBeAsked } from './handshake.ts';

/**
 * Whose lists an instance besides the primary tells: those of one session, of one credential, or of every client
 * of an era. Names of overlays over a server's catalog.
 */
export const Owner = {
  session: (id: string): string => `session ${id}`,
  credential: (key: string): string => `credential ${key}`,
  /** All of a person's callers, where instances belong to people. */
  person: (person: string): string => `person ${person}`,
  /** A credential's calls without a session, of clients that cannot be asked. */
  stateless: (key: string): string => `stateless ${key}`,
  /** A credential's clients that answer the same questions: what one of them was offered, the next is too. */
  able: (key: string, capabilities: JsonObject): string => `able ${key} ${abilityOf(capabilities)}`,
  everyone: (era: Era): string => `everyone ${era}`,
} as const;

/** A session has one object of capabilities for all its requests. */
const abilities = new WeakMap<JsonObject, string>();

function abilityOf(capabilities: JsonObject): string {
  const known = abilities.get(capabilities);
  if (known !== undefined) return known;
  const asked = JSON.stringify(askable.map((key) => capabilities[key] ?? null));
  const ability = createHash('sha256').update(asked).digest('base64url').slice(0, 16);
  abilities.set(capabilities, ability);
  return ability;
}

export interface Caller {
  credential: string;
  person: string;
  session: string | null;
  era: Era;
  capabilities: JsonObject;
}

/** Owners whose overlays a caller sees, nearest first. */
export function ownersOf({ credential, person, session, era, capabilities }: Caller): string[] {
  const able = canBeAsked(capabilities) ? [Owner.able(credential, capabilities)] : [];
  const nearest = session === null ? [...able, Owner.stateless(credential)] : [Owner.session(session), ...able];
  return [...nearest, Owner.credential(credential), Owner.person(person), Owner.everyone(era)];
}
