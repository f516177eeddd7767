import type { Db } from '@switchboard/db';
import type { Credential, EndpointSelection, Runtime } from '@switchboard/mcp-runtime/types';
import type { Directory } from './access/directory.ts';
import type { Role } from './access/schema.ts';
import type { Sessions } from './access/sessions.ts';
import type { KeyBounds } from './access/subject.ts';
import type { LoginThrottle } from './access/throttle.ts';
import type { Refusals } from './audit/refusals.ts';
import type { CallStats } from './calls/stats.ts';
import type { Terminals } from './containers/terminals.ts';
import type { Engines } from './engines/contract.ts';
import type { Locks } from './engines/locks.ts';
import type { Runs } from './engines/runs.ts';
import type { DomainEvent, EventBus } from './events.ts';
import type { Limits } from './limits/limits.ts';
import type { Secrets } from './secrets.ts';
import type { Switches } from './selected.ts';
import type { Accounts } from './servers/accounts.ts';

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

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds by a clock that nobody sets: for how long something lasts. Default: `now`. */
  elapsed?(): number;
}

/** What pino offers, as far as the domain needs it. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Settings that the domain obeys; made once from the configuration. */
export interface Policy {
  version: string;
  nodeVersion: string;
  /** Epoch milliseconds of the process's start. */
  startedAt: number;
  authMode: 'required' | 'open';
  allowRegistration: boolean;
  allowPrivateUrls: boolean;
  /** Several hubs work on one database: rate limits count together. */
  shareLimits?: boolean;
  /** Values of the names in ENV_PASSTHROUGH. */
  envPassthrough: Readonly<Record<string, string>>;
  /** Credentials in what programs get of the hub's environment: no log and no record shows them. */
  childSecrets?: readonly string[];
  /** Images of which anybody who may create servers may run containers; `*` at the end stands for any rest. */
  allowedImages: readonly string[];
  /** The image that processes move into. */
  containerBaseImage: string | null;
  /** How many servers and keys one person may own; a person with server.run-process may make any number of servers. */
  caps: { serversPerPerson: number; keysPerPerson: number };
  demoServer: { command: string; args: readonly string[] } | null;
}

/** How a request came in. */
export type Way = 'rest' | 'trpc';

/** What every verb gets: made once by the composition root. */
export interface Deps {
  db: Db;
  runtime: Runtime;
  engines: Engines;
  accounts: Accounts;
  /** Work on engines that outlives its request. */
  runs: Runs;
  terminals: Terminals;
  locks: Locks;
  events: EventBus;
  secrets: Secrets;
  clock: Clock;
  log: Log;
  policy: Policy;
  stats: CallStats;
  sessions: Sessions;
  throttle: LoginThrottle;
  refusals: Refusals;
  limits: Limits;
  /** People, keys and groups in memory: who acts, and what that one has. */
  directory: Directory;
  /** Values that a server was given and nobody may read, from memory. */
  secretsOf: (serverId: string) => readonly string[];
  /** Writes the call records that wait; history is complete afterwards. */
  flushCalls: () => Promise<void>;
  /** What a credential may see at an endpoint, from memory. */
  select: (credential: Pick<Credential, 'key'>, endpoint: string) => EndpointSelection | null;
  /** One server for a call from inside, whatever endpoints a key is confined to. */
  selectServer: (credential: Pick<Credential, 'key'>, serverId: string) => EndpointSelection | null;
  /** Switches and descriptions of a server's items, from memory. */
  switches: (serverId: string) => Switches;
  /** Makes the runtime follow the database now. */
  reconcile: () => Promise<void>;
  /** Tells the other hubs on this database what changed. */
  tellReplicas: (events: readonly DomainEvent[]) => Promise<void>;
  /** Ids that a registration is probing. */
  registering: Set<string>;
}

export interface Ctx extends Deps {
  actor: Actor;
  requestId: string;
  signal: AbortSignal;
  /** Where the request came from, as far as known. */
  address: string | null;
  /** What the request says it comes from: a browser, a program. */
  client: string | null;
  /** The way in; null for what the hub does by itself. */
  way: Way | null;
  /** When the token or key it came with ends by itself. */
  expiresAt: Date | null;
}

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
