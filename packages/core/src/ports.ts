import type { LogLevel } from './configuration/schema.ts';

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds by a clock that nobody sets: for how long something lasts. Default: `now`. */
  elapsed?(): number;
}

/** The part of pino that the domain needs. */
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
  /** The default where no setting says otherwise. */
  allowRegistration: boolean;
  /** The public address of the hub; null where none is set. */
  publicUrl?: string | null;
  /** Where the hub answers on this machine, once it listens; absent where nothing does. */
  localUrl?: () => string;
  /** Level of the hub's own log, where no setting says otherwise. */
  logLevel?: LogLevel;
  /** Settings that a variable of the environment holds, by path with its name: nobody can change them. */
  fixed?: Readonly<Record<string, string>>;
  allowPrivateUrls: boolean;
  /** Several hubs work on one database: rate limits count together. */
  shareLimits?: boolean;
  /** Values of the names in ENV_PASSTHROUGH. */
  envPassthrough: Readonly<Record<string, string>>;
  /** Credentials in what programs get of the hub's environment: no log and no record shows them. */
  childSecrets?: readonly string[];
  /** The images that everybody who may create servers may run; `*` at the end matches any rest. */
  allowedImages: readonly string[];
  /** The image that processes move into. */
  containerBaseImage: string | null;
  /** The place where generated tools run; `auto` means containers where the hub has an engine, else Deno. */
  toolSandbox: 'auto' | 'container' | 'deno' | 'none';
  /** How many servers and keys one person may own, and calls of the playground have open; a person with server.run-process may make any number of servers. */
  caps: { serversPerPerson: number; keysPerPerson: number; runsPerPerson: number };
  /** Of the Claude API. */
  claude: {
    /** Names of the models that it offers, the default one first; empty: those that speak Anthropic's format. */
    models: readonly string[];
    /** Most tokens of an answer. */
    maxTokens: number;
    /** Whether prompts may be given the state of Docker. */
    dockerContext: boolean;
  };
  /** The folder of the hub's data, whose disk is watched; absent: none is. */
  dataDir?: string;
  demoServer: { command: string; args: readonly string[] } | null;
}

/** How a request came in. */
export type WayIn = 'rest' | 'trpc';
