import { say } from '../reasons.ts';

/** Servers that only a person may start: neither the hub's own start nor a call does. */
export interface Holds {
  /** How often the hub ended while it started this server; null where it is not held back. */
  of(serverId: string): number | null;
  /** A person has started it. */
  release(serverId: string): void;
}

export const noHolds: Holds = { of: () => null, release: () => undefined };

/** Why a server is held back. */
export const heldBack = say('heldBack');
