import { isDeepStrictEqual } from 'node:util';
import type {
  Credential,
  EndpointSelection,
  ItemOverride,
  ItemType,
  SelectedServer,
} from '@switchboard/mcp-runtime/types';
import { may } from './access/decide.ts';
import type { Role } from './access/schema.ts';
import type { Actor } from './context.ts';
import type { ItemRow, ServerRow } from './servers/queries.ts';

/** What the selection is made of, read from the database together. */
export interface SelectionSource {
  servers: readonly Pick<ServerRow, 'id' | 'name' | 'createdBy' | 'desired'>[];
  items: readonly ItemRow[];
  users: readonly { id: string; username: string; role: Role; disabled: boolean }[];
  keys: readonly { id: string; userId: string; scopes: readonly string[] }[];
}

export interface Selector {
  /** Replaces everything; returns whether anything that a client could notice changed. */
  load(source: SelectionSource): boolean;
  /** Null where the credential may not know the endpoint. From memory; the same object while nothing changed. */
  select(credential: Credential, endpoint: string): EndpointSelection | null;
  /** Overrides of one server, whatever its state. */
  overrides(serverId: string): SelectedServer['overrides'];
}

/** Endpoint of every server the caller may use. */
export const allServers = 'all';
const mostCached = 10_000;

type Overrides = Partial<Record<ItemType, Record<string, ItemOverride>>>;

interface Entry {
  server: SelectionSource['servers'][number];
  selected: SelectedServer;
}

const system: Actor = { type: 'system', job: 'selection' };

export const createSelector = (): Selector => {
  let entries: Entry[] = [];
  let byId = new Map<string, Entry>();
  let people = createPeople({ users: [], keys: [] });
  let loaded: SelectionSource | null = null;
  /** By who stands behind the credential, not by session: many sessions of a user share one object. */
  const cache = new Map<string, EndpointSelection | null>();

  const make = (actor: Actor, endpoint: string): EndpointSelection | null => {
    const mayUse = ({ server }: Entry) => may(actor, 'server.use', { type: 'server', createdBy: server.createdBy });
    const isOn = ({ server }: Entry) => server.desired === 'on';
    if (endpoint === allServers) {
      if (!may(actor, 'server.use')) return null;
      const servers = entries.filter((entry) => isOn(entry) && mayUse(entry)).map((entry) => entry.selected);
      return { endpoint, title: 'Switchboard', prefixed: true, servers };
    }
    const entry = byId.get(endpoint);
    if (!entry || entry.server.desired === 'disabled' || !mayUse(entry)) return null;
    return { endpoint, title: entry.server.name, prefixed: false, servers: isOn(entry) ? [entry.selected] : [] };
  };

  const cached = (key: string, actor: Actor, endpoint: string): EndpointSelection | null => {
    const known = cache.get(key);
    if (known !== undefined) return known;
    const made = make(actor, endpoint);
    // Unknown endpoints are not remembered: anybody can ask for any number of them.
    if (made) cache.set(key, made);
    const oldest = cache.size > mostCached ? cache.keys().next().value : undefined;
    if (oldest !== undefined) cache.delete(oldest);
    return made;
  };

  return {
    load(source) {
      if (loaded && isDeepStrictEqual(loaded, source)) return false;
      loaded = source;
      const overrides = groupOverrides(source.items);
      const previous = byId;
      entries = source.servers.map((server) => {
        const made = { serverId: server.id, overrides: overrides.get(server.id) ?? {} };
        const old = previous.get(server.id)?.selected;
        return { server, selected: old && isDeepStrictEqual(old, made) ? old : made };
      });
      byId = new Map(entries.map((entry) => [entry.server.id, entry]));
      people = createPeople(source);
      refresh(cache, (key) => {
        const { who, endpoint } = JSON.parse(key) as { who: string; endpoint: string };
        const actor = people.actorOf({ key: who });
        return actor && make(actor, endpoint);
      });
      return true;
    },
    select(credential, endpoint) {
      const actor = people.actorOf(credential);
      return actor && cached(JSON.stringify({ who: whoOf(credential), endpoint }), actor, endpoint);
    },
    overrides: (serverId) => byId.get(serverId)?.selected.overrides ?? {},
  };
};

/** Who stands behind a credential's key, see `credentialOf`; null where nobody does any more. */
const createPeople = (source: Pick<SelectionSource, 'users' | 'keys'>) => {
  const users = new Map(source.users.map((user) => [user.id, user]));
  const keys = new Map(source.keys.map((key) => [key.id, key]));
  return {
    actorOf({ key }: Credential): Actor | null {
      const [type, userId = '', id = ''] = key.split(':');
      if (type === 'local') return { type: 'local' };
      if (type === 'system') return system;
      const user = users.get(userId);
      if (!user || user.disabled) return null;
      const { username, role } = user;
      if (type === 'user') return { type: 'user', id: userId, username, role, sessionId: '' };
      const found = type === 'key' ? keys.get(id) : undefined;
      return found?.userId === userId ? { type: 'key', id, userId, username, role, scopes: found.scopes } : null;
    },
  };
};

/** A user's sessions see the same; a key may be narrower than its owner. */
const whoOf = ({ key }: Credential): string => (key.startsWith('user:') ? key.slice(0, key.indexOf(':', 5)) : key);

/** Makes every remembered selection anew, and keeps the old object where it came out the same. */
const refresh = (
  cache: Map<string, EndpointSelection | null>,
  make: (key: string) => EndpointSelection | null,
): void => {
  for (const [key, old] of cache) {
    const next = make(key);
    if (next === null) cache.delete(key);
    else if (!isDeepStrictEqual(old, next)) cache.set(key, next);
  }
};

const groupOverrides = (items: readonly ItemRow[]): Map<string, Overrides> => {
  const grouped = new Map<string, Overrides>();
  for (const { serverId, type, name, enabled, description } of items) {
    if (enabled && description === null) continue;
    const server: Overrides = grouped.get(serverId) ?? {};
    grouped.set(serverId, server);
    // Without a prototype: a tool may be called `constructor`.
    const ofType: Record<string, ItemOverride> = server[type] ?? Object.create(null);
    server[type] = ofType;
    ofType[name] = { enabled, description };
  }
  return grouped;
};
