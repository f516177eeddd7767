import type { HasTool, HiddenBy, SelectedServer } from '@switchboard/mcp-runtime/types';
import type { Assignment, Directory } from './access/directory.ts';
import { allowsItem } from './access/item-filter.ts';
import { isOffered } from './selected.ts';

/** The facts about servers and the caller. */
export interface VisibilityFacts {
  directory: Directory;
  /** Servers that are on, with their switches, by id. */
  servers: ReadonlyMap<string, SelectedServer>;
  /** The server as the person behind the credential may use it there, whatever the key says; null: not at all. */
  asPerson(serverId: string, through: Assignment | null): SelectedServer | null;
}

/** A tool that a name may mean, at its server. */
interface Candidate {
  server: SelectedServer;
  tool: string;
  through: Assignment | null;
}

/** The name behind a prefix of an endpoint of several servers; null: it has another prefix. */
function behind(prefix: string, name: string): string | null {
  return name.startsWith(`${prefix}__`) ? name.slice(prefix.length + 2) : null;
}

function inGroup({ directory, servers }: VisibilityFacts, groupId: string, name: string): Candidate[] {
  return directory.assignments(groupId).flatMap((through) => {
    const server = servers.get(through.serverId);
    const given = behind(through.alias ?? through.serverId, name);
    if (!server || given === null) return [];
    const items = directory.items(groupId, through.serverId);
    const renamed = items.find(({ type, rename }) => type === 'tool' && rename === given);
    return [{ server, tool: renamed?.name ?? given, through }];
  });
}

function candidatesAt(known: VisibilityFacts, endpoint: string, name: string): Candidate[] {
  if (known.directory.group(endpoint)) return inGroup(known, endpoint, name);
  const only = known.servers.get(endpoint);
  if (only) return [{ server: only, tool: name, through: null }];
  return [...known.servers.values()].flatMap((server) => {
    const tool = behind(server.serverId, name);
    return tool === null ? [] : [{ server, tool, through: null }];
  });
}

/** The reason why a caller does not find a tool under its name; null where no such tool exists or nothing hides it. */
export function hiddenBy(known: VisibilityFacts, endpoint: string, name: string, has: HasTool): HiddenBy | null {
  const there = candidatesAt(known, endpoint, name).find(({ server, tool }) => has(server.serverId, tool));
  if (!there) return null;
  const { server, tool, through } = there;
  if (!isOffered(server, 'tool', tool)) return 'server';
  const use = through && known.directory.shareOf(through).use;
  if (through && !(use && allowsItem(use, 'tool', tool))) return 'group';
  const asPerson = known.asPerson(server.serverId, through);
  return asPerson && isOffered(asPerson, 'tool', tool) ? 'key' : 'person';
}
