import type { Personal } from '../personal.ts';
import type { StartSlot } from '../start-slots.ts';
import type { Catalog, LogLevel, LogLine, ServerStatus } from '../types.ts';
import type { Budget } from './budget.ts';
import type { ClientIdentity } from './handshake.ts';
import type { Holds } from './holds.ts';
import type { OpenLink } from './link.ts';
import type { UpstreamState } from './state.ts';

/** A server as it is told of. */
export interface DescribedServer {
  readonly id: string;
  status(): ServerStatus;
}

export interface UpstreamOptions {
  openLink: OpenLink;
  hub: ClientIdentity;
  budget: Budget;
  slot: StartSlot;
  holds: Holds;
  personal: Personal;
  messageLimit: number;
  now: () => number;
  /** Milliseconds of a clock that nobody sets. */
  elapsed: () => number;
  random: () => number;
  onStatus(upstream: DescribedServer, previous: UpstreamState): void;
  onCatalog(upstream: DescribedServer, catalog: Catalog): void;
  onLog(serverId: string, level: LogLevel, source: LogLine['source'], text: string, instance: string | null): void;
  /** The lists that one owner's instance tells differ from the server's (see `Owner`); null: they are gone. */
  onOwnCatalog(serverId: string, owner: string, catalog: Catalog | null): void;
}
