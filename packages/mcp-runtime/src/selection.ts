import type { JsonObject } from './json.ts';

export type ItemType = 'tool' | 'prompt' | 'resource' | 'template';

/** A per-server or per-endpoint change to one item, keyed by tool or prompt name, or URI. */
export interface ItemOverride {
  enabled: boolean;
  description: string | null;
  /** The name a tool or prompt has at this endpoint; absent = its own. */
  rename?: string;
}

export interface SelectedServer {
  serverId: string;
  /** Stands in exposed names instead of the server's id. */
  alias?: string;
  /** Types of which nothing but these names or URIs is left; a type that is absent is whole. */
  only?: Readonly<Partial<Record<ItemType, readonly string[]>>>;
  /** The parts that call records keep of its calls: errors of tools, arguments too, or also results; absent = none. */
  record?: 'errors' | 'arguments' | 'all';
  /** Why it fails is not for this caller to know. */
  quiet?: true;
  /** Overrides by item type, then name or URI; absent = as the server says. */
  overrides: Readonly<Partial<Record<ItemType, Readonly<Record<string, ItemOverride>>>>>;
}

/**
 * The items that an actor may see and call at one endpoint, decided by `core`; an item outside of it is neither listed
 * nor callable. The runtime joins it with its catalog.
 */
export interface EndpointSelection {
  /** Names the endpoint in session keys: `all` for /mcp, else the slug. */
  endpoint: string;
  title: string;
  /** True where tool and prompt names carry `slug__`. */
  prefixed: boolean;
  servers: readonly SelectedServer[];
}

/** The caller, as far as the runtime needs to know. */
export interface Credential {
  /** Stable per credential (user session, API key, local admin): binds sessions, instances and parked calls. */
  key: string;
  /**
   * The person behind it: a user with all sign-ins and keys, or the kind of caller without an account. Caps count
   * people.
   */
  person: string;
  /** The address of the request that opened the session; for call records only. */
  address?: string | null;
}

/**
 * Gives the current selection for a credential at an endpoint, or null where it may not know the endpoint.
 * Synchronous and from memory (it is on the hot path); returns the same object while nothing changed.
 */
export type Select = (credential: Credential, endpoint: string) => EndpointSelection | null;

/**
 * The reason why an endpoint without a selection is closed, in a sentence, where the credential may see that it exists;
 * null: for this caller it does not.
 */
export type WhyClosed = (credential: Credential, endpoint: string) => string | null;

/** What hides a tool from a caller: its API key, a switch in the endpoint's group or at the server, or its rights. */
export type HiddenBy = 'key' | 'group' | 'server' | 'person';

/** Whether a server has a tool of this name, as far as it has been listed. */
export type HasTool = (serverId: string, name: string) => boolean;

/**
 * Asked where a caller found no tool under a name: what hides it from that caller, for the record of the call. The
 * caller does not get the answer. Null: there is no such tool.
 */
export type WhyHidden = (credential: Credential, endpoint: string, name: string, has: HasTool) => HiddenBy | null;

/** Why a call has to wait: a limit that counts calls is used up. */
export interface CallLimitReached {
  /** Calls a minute. */
  limit: number;
  retryAfterSeconds: number;
}

/** Asked before each tool call; null lets it through. Synchronous and from memory, like `Select`. */
export type Admit = (credential: Credential, serverId: string, tool: string) => CallLimitReached | null;

/** A tool or prompt as an endpoint shows it. */
export interface ExposedItem {
  serverId: string;
  /** The name the server knows. */
  name: string;
  exposedName: string;
  definition: JsonObject;
  /** Estimated tokens of its definition in a model's context. */
  tokens: number;
}

/** The items of a selection for clients, and those that cannot be listed together. */
export interface Exposure {
  tools: ExposedItem[];
  prompts: ExposedItem[];
  resources: number;
  resourceTemplates: number;
  /** Estimated tokens of what clients put before a model: tool definitions and instructions. */
  tokens: number;
  /** Names that another item has already: these are neither listed nor callable. */
  collisions: { type: 'tool' | 'prompt'; exposedName: string; serverId: string; name: string; takenBy: string }[];
  /** URIs that more than one server lists. */
  duplicates: { uri: string; serverId: string; listedBy: string }[];
}
