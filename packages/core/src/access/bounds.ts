import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { say } from '../reasons.ts';
import { actionTable, type Action } from './actions.ts';
import { no, yes, type Decision } from './decision.ts';
import { everyItem, intersectItems, only, type ItemFilter } from './item-filter.ts';
import { namesEngine, namesKindOf, readReference } from './resource-kinds.ts';
import { covers } from './scopes.ts';
import type { BoundKey, KeyBounds, Resource, ServerResource } from './subject.ts';

const outside = no(say('keyOutside'), false);

/** Managing is for keys that name whole servers or groups. */
function onlyUses(key: KeyBounds): boolean {
  return key.tools !== null || (key.servers === null && key.groups === null);
}

/** Whether the key says anything about servers; one that names resources alone reaches none. */
function boundsServers(key: KeyBounds): boolean {
  return key.endpoints !== null || key.groups !== null || key.servers !== null || key.tools !== null;
}

export function isConfined(key: KeyBounds): boolean {
  return boundsServers(key) || key.resources !== null;
}

/** Whether the key is confined to resources of other kinds, and so to no server at all. */
export function reachesNoServer(key: KeyBounds): boolean {
  return key.resources !== null && !boundsServers(key);
}

/** The bounds of a key, for the message of a refusal. */
function confinement(key: KeyBounds): Reason {
  if (key.resources === null) return say('someServers');
  return say(boundsServers(key) ? 'someServersOrResources' : 'someResources');
}

function confined(what: Reason, action: Action): Decision {
  return no(say('keyConfined', { what, action }));
}

/** The decision of a key's own bounds; the rights of its owner are asked apart. */
export function boundBy(key: BoundKey, action: Action, resource?: Resource): Decision {
  const rule = actionTable[action].keys;
  if (rule === 'never') return no(say('keyNever'));
  if (!key.scopes.some((scope) => covers(scope, action))) return no(say('keyLacks', { action }));
  if (!isConfined(key)) return yes;
  switch (rule) {
    case 'any':
      return yes;
    case 'own':
      return resource?.type === 'call' && resource.keyId !== key.id ? outside : yes;
    case 'unconfined':
      return confined(confinement(key), action);
    case 'named':
    case 'engine':
      return atNamed(key, action, rule, resource);
    case 'use':
    case 'manage':
      if (resource && !reaches(key, action, resource)) return outside;
      if (rule === 'use' || !onlyUses(key)) return yes;
      return confined(reachesNoServer(key) ? confinement(key) : say('theCalls'), action);
  }
}

/**
 * Allows the objects that the key names and the objects inside of them; an object that does not name its container is
 * refused.
 */
function atNamed(key: BoundKey, action: Action, rule: 'named' | 'engine', resource?: Resource): Decision {
  const named = key.resources ?? [];
  const names = rule === 'engine' ? namesEngine(named) : namesKindOf(named, action);
  if (!names) return confined(confinement(key), action);
  if (!resource) return yes;
  if (!('refs' in resource)) return outside;
  if ('isRun' in resource && resource.shared && resource.isRun) return yes;
  const counted = resource.refs?.filter((ref) => rule === 'named' || readReference(ref)?.kind === 'engine') ?? [];
  return counted.some((ref) => named.includes(ref)) ? yes : outside;
}

function reaches(key: BoundKey, action: Action, resource: Resource): boolean {
  switch (resource.type) {
    case 'server':
      return reachesServer(key, resource);
    case 'group':
      return reachesGroup(key, action, resource.id);
    default:
      return false;
  }
}

function reachesServer(key: BoundKey, { id, item, through }: ServerResource): boolean {
  const reached = through ? reachesThrough(key, through.groupId, id) : (key.reach?.has(id) ?? true);
  if (!reached || !item || key.tools === null) return reached;
  return item.type === 'tool' && key.tools.includes(`${id}/${item.name}`);
}

/** At a group's endpoint: the endpoint is the key's, and the group or the server is. */
function reachesThrough(key: BoundKey, groupId: string, serverId: string): boolean {
  if (key.endpoints !== null && !key.endpoints.includes(groupId)) return false;
  if (key.groups === null && key.servers === null) return !reachesNoServer(key);
  return (key.groups?.includes(groupId) ?? false) || (key.servers?.includes(serverId) ?? false);
}

function reachesGroup(key: BoundKey, action: Action, groupId: string): boolean {
  if (key.endpoints !== null && !key.endpoints.includes(groupId)) return false;
  if (reachesNoServer(key)) return false;
  if (action === 'group.use' && key.servers !== null) return true;
  return key.groups?.includes(groupId) ?? (key.servers === null && (key.tools === null || action === 'group.use'));
}

/** Whether the key may open this endpoint at all. */
export function reachesEndpoint(key: KeyBounds | null, endpoint: string): boolean {
  return key === null || key.endpoints === null || key.endpoints.includes(endpoint);
}

/** Items of one server that are left after a key's tools. */
export function keyItems(key: KeyBounds | null, serverId: string, filter: ItemFilter): ItemFilter {
  if (!key || key.tools === null) return filter;
  const prefix = `${serverId}/`;
  const tools = key.tools.filter((tool) => tool.startsWith(prefix)).map((tool) => tool.slice(prefix.length));
  const none = only([]);
  return intersectItems(filter, { ...everyItem, tool: only(tools), prompt: none, resource: none, template: none });
}
