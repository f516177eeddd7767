import type { AppVisibility } from '../apps/schema.ts';
import type { Visibility } from '../servers/schema.ts';
import type { ItemFilter } from './item-filter.ts';
import type { Role } from './schema.ts';

/** The bounds of a key; null = those of its owner. Servers and groups add up. */
export interface KeyBounds {
  endpoints: readonly string[] | null;
  groups: readonly string[] | null;
  servers: readonly string[] | null;
  /** `server/tool` each. */
  tools: readonly string[] | null;
  /** References, `stack:local/web` each; they add to what the others name. */
  resources: readonly string[] | null;
}

/** The permissions of a person at one server from groups. */
export interface Share {
  read: boolean;
  write: boolean;
  /** Items that may be looked at; null = none. */
  inspect: ItemFilter | null;
  /** Items that may be used; null = none. */
  use: ItemFilter | null;
}

export interface Person {
  type: 'person';
  userId: string;
  role: Role;
  grants: readonly string[];
  /** True where only a new password is allowed. */
  mustChangePassword: boolean;
  /** Own groups, and the groups above them, whose rights a member has too. */
  groups: ReadonlyMap<string, 'member' | 'manager'>;
  /** By server; what all of these groups give together. */
  shares: ReadonlyMap<string, Share>;
  key: BoundKey | null;
}

export interface BoundKey extends KeyBounds {
  id: string;
  scopes: readonly string[];
  /** Servers the key may touch by itself, worked out of its bounds; null = any. */
  reach: ReadonlySet<string> | null;
}

/** The actor with all facts that decide its rights: made by the directory. */
export type Subject = { type: 'everything' } | { type: 'anonymous' } | Person;

export interface ServerResource {
  type: 'server';
  id: string;
  createdBy: string | null;
  visibility: Visibility;
  /** One tool, prompt, resource or template of it. */
  item?: { type: 'tool' | 'prompt' | 'resource' | 'template'; name: string };
  /** Used at the endpoint of this group, with what that group gives. */
  through?: { groupId: string; use: ItemFilter | null };
}

/** An object on a Docker Engine; its labels name its owner. */
export interface EngineResource {
  type: 'container' | 'image' | 'volume' | 'network' | 'stack';
  /** Null where nobody in particular made it. */
  owner: string | null;
  /** Everybody's to use, admins' to change: pulled images, the engine's own networks. */
  shared?: boolean;
  /** The names by which a key can reach it: its own, its stack's, its engine's. Without them no confined key does. */
  refs?: readonly string[];
  /** It is to be run by what the actor may make: a key need not name what is everybody's then. */
  isRun?: boolean;
}

/** A Docker Engine as a whole. */
export interface WholeEngine {
  type: 'engine';
  refs: readonly string[];
}

/** A language model. */
export interface ModelResource {
  type: 'model';
  /** Null: the admins'. */
  owner: string | null;
  visibility: Visibility;
  /** Groups whose members use it, where its visibility is `group`. */
  groups: readonly string[];
  /** The hub's own: everybody's to use, nobody's to change. */
  builtIn: boolean;
  /** The names by which a key can reach it. */
  refs: readonly string[];
}

/** Messages to models. */
export interface ConversationResource {
  type: 'conversation';
  /** Null: the hub's own admin. */
  owner: string | null;
  /** The other people who may read it. */
  visibility: Visibility;
  groups: readonly string[];
}

/** A simulated product. */
export interface AppResource {
  type: 'app';
  /** Null: the admins'. */
  owner: string | null;
  visibility: AppVisibility;
}

/** A graph of agents. */
export interface GraphResource {
  type: 'graph';
  /** Null: the admins'. */
  owner: string | null;
  /** The other people who may see and run it. */
  visibility: Visibility;
  groups: readonly string[];
}

export type Resource =
  | ServerResource
  | EngineResource
  | WholeEngine
  | ModelResource
  | ConversationResource
  | AppResource
  | GraphResource
  | { type: 'app-token'; userId: string | null }
  | { type: 'budget'; userId: string | null }
  | { type: 'group'; id: string }
  | { type: 'user'; id: string }
  | { type: 'key'; userId: string }
  | { type: 'grant'; userId: string }
  | { type: 'session'; userId: string }
  /** `keyId`: of the API key it was made with. */
  | { type: 'call'; userId: string | null; keyId: string | null }
  | { type: 'audit'; userId: string | null };
