import type { Credential as RuntimeCredential } from '@switchboard/mcp-runtime/types';
import { type Actor, personOf } from '../actor.ts';

/** The identity of an actor. Its text binds sessions, instances and parked calls, and is stored in call records. */
export type Credential =
  /** A sign-in of a user; `sid` is only the start of its handle, because the text shows up in call records. */
  | { type: 'user'; userId: string; sid: string }
  | { type: 'key'; userId: string; keyId: string }
  | { type: 'grant'; userId: string; grantId: string }
  | { type: 'local' }
  | { type: 'anonymous' }
  /** A job of the hub. */
  | { type: 'system'; job: string };

const sidLength = 16;

/** The part of a session's handle that its credential shows. */
export function sidOf(handle: string): string {
  return handle.slice(0, sidLength);
}

export function credentialOf(actor: Actor): Credential {
  switch (actor.type) {
    case 'user':
      return { type: 'user', userId: actor.id, sid: sidOf(actor.sessionId) };
    case 'key':
      return { type: 'key', userId: actor.userId, keyId: actor.id };
    case 'grant':
      return { type: 'grant', userId: actor.userId, grantId: actor.id };
    case 'local':
    case 'anonymous':
      return { type: actor.type };
    case 'system':
      return { type: 'system', job: actor.job };
  }
}

/** The text of a credential, as the runtime and the database keep it. */
export function credentialText(credential: Credential): string {
  switch (credential.type) {
    case 'user':
      return `user:${credential.userId}:${credential.sid}`;
    case 'key':
      return `key:${credential.userId}:${credential.keyId}`;
    case 'grant':
      return `grant:${credential.userId}:${credential.grantId}`;
    case 'local':
    case 'anonymous':
      return credential.type;
    case 'system':
      return `system:${credential.job}`;
  }
}

/** Reads what `credentialText` wrote. A text of no known kind is nobody's: the anonymous caller. */
export function readCredential(text: string): Credential {
  const first = text.indexOf(':');
  const type = first === -1 ? text : text.slice(0, first);
  if (type === 'local') return { type };
  if (first === -1) return { type: 'anonymous' };
  if (type === 'system') return { type, job: text.slice(first + 1) };
  const second = text.indexOf(':', first + 1);
  const userId = text.slice(first + 1, second === -1 ? undefined : second);
  const rest = second === -1 ? '' : text.slice(second + 1);
  if (type === 'user') return { type, userId, sid: rest };
  if (type === 'grant') return { type, userId, grantId: rest };
  return type === 'key' ? { type, userId, keyId: rest } : { type: 'anonymous' };
}

/** The user and the key or grant behind a credential, as far as there are any. */
export function holderOf(credential: Credential): { userId: string | null; keyId: string | null } {
  const userId = 'userId' in credential ? credential.userId : null;
  switch (credential.type) {
    case 'key':
      return { userId, keyId: credential.keyId };
    case 'grant':
      return { userId, keyId: credential.grantId };
    case 'user':
    case 'local':
    case 'anonymous':
    case 'system':
      return { userId, keyId: null };
  }
}

/** An actor's credential for the runtime, which counts by the person behind it. */
export function runtimeCredentialOf(actor: Actor): RuntimeCredential {
  return { key: credentialText(credentialOf(actor)), person: personOf(actor) };
}
