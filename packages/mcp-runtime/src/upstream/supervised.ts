import type { CancelSignal } from '../hot/cancellation.ts';
import type { Personal } from '../personal.ts';
import type { StartSlot } from '../start-slots.ts';
import type { Catalog, JsonObject, LogLevel, ServerSpec } from '../types.ts';
import type { ClientIdentity } from './handshake.ts';
import type { Instance } from './instance.ts';
import type { OpenLink } from './link.ts';
import type { Lists } from './lists.ts';
import type { Owned } from './owned.ts';
import type { UpstreamState } from './state.ts';

export interface PrimaryOptions {
  spec: () => ServerSpec;
  openLink: OpenLink;
  hub: ClientIdentity;
  messageLimit: number;
  now: () => number;
  elapsed: () => number;
  random: () => number;
  slot: StartSlot;
  /** In whose name it is opened, where instances belong to people. */
  personal: Personal;
  /** What has to be over before the first start: a server of the same name that is still stopping. */
  after: Promise<void>;
  log(level: LogLevel, source: 'stdout' | 'stderr' | 'hub', text: string, instance: string | null): void;
  /** `hide` takes out of a text what nobody may see of what the instance was opened with. */
  onNotification(method: string, params: JsonObject, hide: (text: string) => string): void;
  onState(state: UpstreamState, previous: UpstreamState): void;
  onCatalog(catalog: Catalog): void;
  /** The lists of the person in whose name it runs. */
  onOwned(owner: Owned, catalog: Catalog): void;
}

/** A server's first instance: it feeds catalog, health, pid and uptime, and is the one that is supervised. */
export interface Primary {
  state(): UpstreamState;
  instance(): Instance | null;
  /** The instance where it runs and can be used at once. */
  ready(): Instance | null;
  /** Whose it is that runs or starts, where instances belong to people. */
  owner(): Owned | null;
  /** Begins anew where it was opened with what its owner has no more, and where it waited for an owner that there is now. */
  reconsider(): void;
  /** Begins anew in the name of whoever should own it by now. */
  changeOwner(): void;
  /** As whom it would be opened now: the last giver that the server did not refuse; null = nobody. */
  feeder(): string | null;
  /** The lists that everybody may know. */
  catalog(): Catalog | null;
  /** Why its lists could not be read, where they could not. */
  listProblem(): string | null;
  seed(catalog: Catalog): void;
  /** Takes over an instance a probe opened. */
  adopt(instance: Instance, catalog: Catalog): void;
  /** Makes it follow a desired state; `restart` where what runs is of an older spec, `deaths` of the hub where it is held back. */
  desire(desired: UpstreamState['desired'], restart: boolean, deaths?: number | null): void;
  /** Puts it to sleep; the next call wakes it. */
  sleep(): void;
  /** Resolves once running; rejects with why not. */
  ensure(signal: CancelSignal | undefined): Promise<Instance>;
  /** Reads the lists again. */
  refresh(): Promise<void>;
  /** Stops it now; resolves when nothing of it is left. */
  stop(graceMs: number): Promise<void>;
}
export const defaultGraceMs = 5000;

export interface Supervised {
  readonly options: PrimaryOptions;
  readonly lists: Lists;
  readonly waiters: Set<() => void>;
  state: UpstreamState;
  current: Instance | null;
  owner: Owned | null;
  /** The lists that everybody may know. */
  readonly known: () => Catalog | null;
  /** Stamps of owners that the server refused. */
  refused: Set<string>;
  /** The start under way. */
  attempt: { controller: AbortController; done: Promise<void> } | null;
  retry: NodeJS.Timeout | undefined;
  /** What is being closed, so that a stop in a hurry can shorten its grace. */
  leaving: Instance | null;
  closing: Promise<void>;
  graceMs: number;
  /** When a start failed, or a call last wanted one. */
  triedAt: number;
  forgottenAt: number;
}
