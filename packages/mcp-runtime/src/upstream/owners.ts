import type { Era } from '../versions.ts';

/**
 * Whose lists an instance besides the primary tells: those of one session, of one credential, or of every client
 * of an era. Names of overlays over a server's catalog.
 */
export const Owner = {
  session: (id: string): string => `session ${id}`,
  credential: (key: string): string => `credential ${key}`,
  /** A credential's calls without a session. */
  stateless: (key: string): string => `stateless ${key}`,
  everyone: (era: Era): string => `everyone ${era}`,
} as const;

/** Owners whose overlays a caller sees, nearest first. */
export function ownersOf(caller: { credential: string; session: string | null; era: Era }): string[] {
  const nearest = caller.session === null ? Owner.stateless(caller.credential) : Owner.session(caller.session);
  return [nearest, Owner.credential(caller.credential), Owner.everyone(caller.era)];
}
