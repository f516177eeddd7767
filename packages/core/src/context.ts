import type { Db } from '@switchboard/db';
import type { Credential, EndpointSelection, Runtime, Span, Tracer } from '@switchboard/mcp-runtime/types';
import type { Directory } from './access/directory.ts';
import type { Sessions } from './access/sessions.ts';
import type { ServerResource } from './access/subject.ts';
import type { LoginThrottle } from './access/throttle.ts';
import type { Actor } from './actor.ts';
import type { AlertWatch } from './alerts/watch.ts';
import type { Simulator } from './apps/contract.ts';
import type { Refusals } from './audit/refusals.ts';
import type { Callbacks } from './callbacks.ts';
import type { CallStats } from './calls/stats.ts';
import type { LiveSettings } from './configuration/live-settings.ts';
import type { Terminals } from './containers/terminals.ts';
import type { Engines } from './engines/contract.ts';
import type { Locks } from './engines/locks.ts';
import type { DomainEvent, EventBus, AffectedPart } from './events.ts';
import type { Frame } from './frames/hold.ts';
import type { Jobs } from './jobs/contract.ts';
import type { Limits } from './limits/limits.ts';
import type { Logs } from './logs/contract.ts';
import type { ModelServices } from './models/contract.ts';
import type { GaugeSampler } from './monitoring/series/gauges.ts';
import type { Mailer } from './notifications/contract.ts';
import type { PendingObjects } from './pending-objects.ts';
import type { RunInput } from './playground/schema.ts';
import type { Clock, Log, Policy, WayIn } from './ports.ts';
import type { Runs } from './runs/contract.ts';
import type { Secrets } from './secrets.ts';
import type { Switches } from './selected.ts';
import type { Accounts } from './servers/accounts-port.ts';
import type { UpstreamSignIns } from './sign-ins/contract.ts';

/** The MCP servers that run here, and what is known of them from memory. */
export interface HubServices {
  runtime: Runtime;
  accounts: Accounts;
  /** Calls of the playground that wait to be opened. */
  held: PendingObjects<RunInput>;
  /** Documents that wait until a frame asks for them. */
  heldFrames: PendingObjects<Frame>;
  stats: CallStats;
  /** The gauges of this process. */
  gauges: Pick<GaugeSampler, 'current'>;
  /** Values that a server was given and nobody may read, from memory. */
  secretsOf: (serverId: string) => readonly string[];
  /** Names of slots of a server that a person has yet to fill, from memory. */
  missingSlots: (serverId: string, person: string) => readonly string[];
  /** Writes the call records that wait; history is complete afterwards. */
  flushCalls: () => Promise<void>;
  /** The selection of a credential at an endpoint, from memory. */
  select: (credential: Pick<Credential, 'key'>, endpoint: string) => EndpointSelection | null;
  /** One server for a call from inside, whatever endpoints a key is confined to. */
  selectServer: (credential: Pick<Credential, 'key'>, serverId: string) => EndpointSelection | null;
  /** Switches and descriptions of a server's items, from memory. */
  switches: (serverId: string) => Switches;
  /** The fields that decide who sees a server, from memory; null where there is none. */
  resourceOfServer: (serverId: string) => ServerResource | null;
  /**
   * Makes the runtime and the selection follow the database now: all of it, or only what is named. With an empty list it
   * only waits until what was asked for before is in force.
   */
  reconcile: (parts?: Iterable<AffectedPart>) => Promise<void>;
  /** Tells the other hubs on this database what changed. */
  tellReplicas: (events: readonly DomainEvent[]) => Promise<void>;
  /** Ids that a registration is probing. */
  registering: Set<string>;
}

/** The actor, and the services that decide its rights. */
export interface AccessServices {
  /** People, keys and groups in memory: who acts, and what that one has. */
  directory: Directory;
  sessions: Sessions;
  throttle: LoginThrottle;
  refusals: Refusals;
  limits: Limits;
}

/** The container engines, and what is open on them. */
export interface DockerServices {
  engines: Engines;
  terminals: Terminals;
  locks: Locks;
}

/** The storage of runs of agents. */
export interface JournalServices {
  /** Of this process, among the hubs on the database. */
  hubId: string;
}

/**
 * The services of every verb: made once by the composition root. An entity that needs services of its own adds one
 * group.
 */
export interface Deps {
  db: Db;
  hub: HubServices;
  access: AccessServices;
  docker: DockerServices;
  /** Sign-ins at servers of others. */
  signIns: UpstreamSignIns;
  models: ModelServices;
  journal: JournalServices;
  logs: Logs;
  /** Recent events of this hub that alert rules check. */
  alerts: AlertWatch;
  simulator: Simulator;
  callbacks: Callbacks;
  mailer: Mailer;
  /** Work that outlives its request. */
  runs: Runs;
  /** Begins to stop this process; null where the settings do not let anybody ask for it. */
  shutDown: (() => void) | null;
  /** Work behind the scenes that outlives the process. */
  jobs: Jobs;
  events: EventBus;
  /** The settings that change while the hub runs. */
  settings: LiveSettings;
  secrets: Secrets;
  clock: Clock;
  log: Log;
  /** Begins traces of what no request asked for; null: there are none. */
  tracer: Tracer | null;
  policy: Policy;
}

export interface Ctx extends Deps {
  actor: Actor;
  requestId: string;
  /** The surrounding span; null: no trace. */
  trace: Span | null;
  signal: AbortSignal;
  /** The address of the client, where it is known. */
  address: string | null;
  /** The client by its own name: a browser, a program. */
  client: string | null;
  /** The way in; null for what the hub does by itself. */
  way: WayIn | null;
  /** When the token or key it came with ends by itself. */
  expiresAt: Date | null;
}
