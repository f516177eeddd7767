import { isDeepStrictEqual } from 'node:util';
import { setBounded } from '@switchboard/basics';
import type {
  Credential as RuntimeCredential,
  EndpointSelection,
  SelectedServer,
  WhyHidden,
} from '@switchboard/mcp-runtime/types';
import { callerOf } from './access/behind.ts';
import { keyItems, reachesEndpoint } from './access/bounds.ts';
import { isAtCommonEndpoint } from './access/common-endpoint.ts';
import { credentialText, readCredential, sidOf } from './access/credential.ts';
import { decide } from './access/decide.ts';
import { createDirectory, type Assignment, type Directory, type DirectorySource } from './access/directory.ts';
import { everyItem } from './access/item-filter.ts';
import { serverRights } from './access/rules.ts';
import type { Person, ServerResource, Subject } from './access/subject.ts';
import type { Actor } from './actor.ts';
import { hiddenBy, type VisibilityFacts } from './hidden-tools.ts';
import { narrowed, offServer, serverSwitches, withGroupItems, type Switches } from './selected.ts';
import type { ItemRow, ServerRow } from './servers/rows.ts';
import { createSharedSelections } from './shared-selections.ts';

/** All that a selection is told by: the key says who it is. */
export type CredentialKey = Pick<RuntimeCredential, 'key'>;

/** The rows of a selection, read from the database together. */
export interface SelectionSource extends DirectorySource {
  servers: readonly Pick<ServerRow, 'id' | 'name' | 'createdBy' | 'desired' | 'visibility' | 'recording'>[];
  items: readonly ItemRow[];
}

export interface Selector {
  /** Replaces everything; returns whether anything that a client could notice changed. */
  load(source: SelectionSource): boolean;
  /**
   * Null where the credential may not know the endpoint. From memory; the same object while nothing changed, for all
   * who see the same.
   */
  select(credential: CredentialKey, endpoint: string): EndpointSelection | null;
  /** The reason why `select` has none for an endpoint; null: for this caller it does not exist. */
  whyClosed(credential: CredentialKey, endpoint: string): string | null;
  /** The reason why a credential does not find a tool under its name; null: there is none. */
  whyHidden: WhyHidden;
  /** One server for a call from inside, whatever endpoints a key is confined to. */
  selectServer(credential: CredentialKey, serverId: string): EndpointSelection | null;
  /** Overrides of one server, whatever its state. */
  switches(serverId: string): Switches;
  /** The fields that decide who sees a server; null where there is none. */
  resource(serverId: string): ServerResource | null;
  /** Ends what a session of a user sees: its streams are still open. */
  endSession(sid: string): void;
}

/** Endpoint of every server the caller may use. */
export const allServers = 'all';
const mostCached = 10_000;
const mostEnded = 10_000;

/** A selection, and after how many loads it was made. */
interface Remembered {
  loads: number;
  selection: EndpointSelection;
}

interface Entry {
  server: SelectionSource['servers'][number];
  selected: SelectedServer;
}

function resourceOf({ server: { id, createdBy, visibility } }: Entry): ServerResource {
  return {
    type: 'server',
    id,
    createdBy,
    visibility,
  };
}

function isOn({ server }: Entry): boolean {
  return server.desired === 'on';
}

function personOf(subject: Subject): Person | null {
  return subject.type === 'person' ? subject : null;
}

/** Follows people, groups, servers and items, and says from memory what a credential sees at an endpoint. */
export function createSelector(directory: Directory = createDirectory()): Selector {
  let entries: Entry[] = [];
  let byId = new Map<string, Entry>();
  let loaded: SelectionSource | null = null;
  /** By who stands behind the credential, not by session; made anew when it is next asked for after a load. */
  const cache = new Map<string, Remembered>();
  const shared = createSharedSelections();
  let loads = 0;
  const ended = new Set<string>();

  /** Why a server fails is for who may read its log. */
  function withoutErrors(subject: Subject, entry: Entry, selected: SelectedServer): SelectedServer {
    return decide(subject, 'server.logs', resourceOf(entry)).allowed ? selected : shared.quiet(selected);
  }

  /** The server as this subject may use it by itself; null where it may not. */
  function direct(subject: Subject, entry: Entry): SelectedServer | null {
    if (!decide(subject, 'server.use', resourceOf(entry)).allowed) return null;
    const person = personOf(subject);
    if (!person) return entry.selected;
    const rights = serverRights(person, resourceOf(entry));
    const told = withoutErrors(subject, entry, entry.selected);
    const left = narrowed(told, keyItems(person.key, entry.server.id, rights.use ?? everyItem));
    return left === told ? told : shared.server(left);
  }

  function inGroup(subject: Subject, given: Assignment): SelectedServer | null {
    const entry = byId.get(given.serverId);
    if (!entry || !isOn(entry)) return null;
    const { groupId, serverId } = given;
    const { use } = directory.shareOf(given);
    if (use === null) return null;
    const resource: ServerResource = { ...resourceOf(entry), through: { groupId, use } };
    if (!decide(subject, 'server.use', resource).allowed) return null;
    const changed = shared.server(withGroupItems(entry.selected, given.alias, directory.items(groupId, serverId)));
    const told = withoutErrors(subject, entry, changed);
    const left = narrowed(told, keyItems(personOf(subject)?.key ?? null, serverId, use));
    return left === told ? told : shared.server(left);
  }

  function make(actor: Actor, endpoint: string, inside: boolean): EndpointSelection | null {
    // A grant's tokens open one endpoint; what is called from there is called as its person lets it.
    if (!inside && actor.type === 'grant' && actor.endpoint !== endpoint) return null;
    const subject = directory.subjectOf(actor);
    if (!inside && !reachesEndpoint(personOf(subject)?.key ?? null, endpoint)) return null;
    if (endpoint === allServers) {
      if (!decide(subject, 'server.use').allowed) return null;
      const person = personOf(subject);
      function here(entry: Entry) {
        return person === null || isAtCommonEndpoint(directory, person, resourceOf(entry));
      }
      const servers = entries.filter((entry) => isOn(entry) && here(entry)).map((entry) => direct(subject, entry));
      return { endpoint, title: 'Switchboard', prefixed: true, servers: servers.filter((server) => server !== null) };
    }
    const group = directory.group(endpoint);
    if (group) {
      if (!decide(subject, 'group.use', { type: 'group', id: endpoint }).allowed) return null;
      const servers = directory.assignments(endpoint).map((given) => inGroup(subject, given));
      const chosen = servers.filter((server) => server !== null);
      return { endpoint, title: group.displayName, prefixed: true, servers: chosen };
    }
    const entry = byId.get(endpoint);
    if (!entry || entry.server.desired === 'disabled') return null;
    const selected = direct(subject, entry);
    if (!selected) return null;
    return { endpoint, title: entry.server.name, prefixed: false, servers: isOn(entry) ? [selected] : [] };
  }

  function whyClosed(credential: CredentialKey, endpoint: string): string | null {
    const entry = byId.get(endpoint);
    const actor = callerOf(directory, credential.key);
    if (entry?.server.desired !== 'disabled' || !actor || isEnded(ended, credential)) return null;
    if (actor.type === 'grant' && actor.endpoint !== endpoint) return null;
    const subject = directory.subjectOf(actor);
    if (!reachesEndpoint(personOf(subject)?.key ?? null, endpoint)) return null;
    const maySee = decide(subject, 'server.read', resourceOf(entry)).allowed || direct(subject, entry) !== null;
    return maySee ? offServer({ id: endpoint, desired: 'disabled' }).text : null;
  }

  const whyHidden: WhyHidden = (credential, endpoint, name, has) => {
    const actor = callerOf(directory, credential.key);
    if (!actor) return null;
    const subject = directory.subjectOf(actor);
    const bare = subject.type === 'person' ? { ...subject, key: null } : subject;
    function isHere(entry: Entry) {
      return (
        endpoint !== allServers || bare.type !== 'person' || isAtCommonEndpoint(directory, bare, resourceOf(entry))
      );
    }
    const on = entries.filter((entry) => isOn(entry) && isHere(entry));
    const known: VisibilityFacts = {
      directory,
      servers: new Map(on.map(({ selected }) => [selected.serverId, selected])),
      asPerson(serverId, through) {
        const entry = byId.get(serverId);
        if (through) return inGroup(bare, through);
        return entry ? direct(bare, entry) : null;
      },
    };
    return hiddenBy(known, endpoint, name, has);
  };

  function cached(credential: CredentialKey, endpoint: string, inside: boolean): EndpointSelection | null {
    const key = JSON.stringify([whoOf(credential), endpoint, inside]);
    const known = cache.get(key);
    if (known?.loads === loads) return known.selection;
    const actor = callerOf(directory, credential.key);
    const found = actor && make(actor, endpoint, inside);
    const made = found && shared.selection(found);
    // Unknown endpoints are not remembered: anybody can ask for any number of them.
    if (made) setBounded(cache, key, { loads, selection: made }, mostCached);
    else cache.delete(key);
    return made;
  }

  return {
    load(source) {
      if (loaded && isDeepStrictEqual(loaded, source)) return false;
      loaded = source;
      directory.load(source);
      const switches = serverSwitches(source.items);
      const previous = byId;
      entries = source.servers.map((server) => {
        const record = server.recording === 'none' ? {} : { record: server.recording };
        const made = { serverId: server.id, ...(switches.get(server.id) ?? { overrides: {} }), ...record };
        const old = previous.get(server.id)?.selected;
        return { server, selected: old && isDeepStrictEqual(old, made) ? old : made };
      });
      byId = new Map(entries.map((entry) => [entry.server.id, entry]));
      shared.turn();
      loads += 1;
      return true;
    },
    select(credential, endpoint) {
      return ended.size > 0 && isEnded(ended, credential) ? null : cached(credential, endpoint, false);
    },
    whyClosed,
    whyHidden,
    selectServer: (credential, serverId) => (byId.has(serverId) ? cached(credential, serverId, true) : null),
    switches: (serverId) => byId.get(serverId)?.selected ?? { overrides: {} },
    resource(serverId) {
      const entry = byId.get(serverId);
      return entry ? resourceOf(entry) : null;
    },
    endSession(sid) {
      ended.add(sidOf(sid));
      const oldest = ended.size > mostEnded ? ended.values().next().value : undefined;
      if (oldest !== undefined) ended.delete(oldest);
    },
  };
}

function isEnded(ended: ReadonlySet<string>, { key }: CredentialKey): boolean {
  const credential = readCredential(key);
  return credential.type === 'user' && ended.has(credential.sid);
}

/** A user's sessions see the same; a key may be narrower than its owner. */
function whoOf({ key }: CredentialKey): string {
  const credential = readCredential(key);
  return credential.type === 'user' ? credentialText({ ...credential, sid: '' }) : key;
}
