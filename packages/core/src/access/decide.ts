import type { Action, Grant } from './actions.ts';
import { boundBy } from './bounds.ts';
import { allowsItem, everyItem, type ItemFilter } from './item-filter.ts';
import type { EngineResource, Person, Resource, ServerResource, Subject } from './subject.ts';

export { actions, type Action } from './actions.ts';
export type { Resource, Subject } from './subject.ts';

export type Decision = { allowed: true } | { allowed: false; reason: string; visible: boolean };

const yes: Decision = { allowed: true };
const no = (reason: string, visible = true): Decision => ({ allowed: false, reason, visible });
const absent = no('This is not yours.', false);

/**
 * May the subject do this to the resource? Without a resource: to any at all.
 * Pure and total; listing, searching and calling all ask here. `visible: false` means it must look absent.
 */
export function decide(subject: Subject, action: Action, resource?: Resource): Decision {
  switch (subject.type) {
    case 'everything':
      return yes;
    case 'anonymous':
      return open.has(action) ? yes : no('Sign in first.', false);
    case 'person':
      return decidePerson(subject, action, resource);
  }
}

/** What works before anybody signed in. */
const open: ReadonlySet<Action> = new Set(['session.create', 'session.refresh', 'user.register']);
/** What is left to somebody who has to change the password. */
const unlocking: ReadonlySet<Action> = new Set(['account.read', 'account.password', 'session.read', 'session.end']);

const decidePerson = (person: Person, action: Action, resource?: Resource): Decision => {
  if (open.has(action)) return yes;
  if (person.mustChangePassword && !unlocking.has(action)) return no('Change your password first.');
  if (person.key) {
    const bounded = boundBy(person.key, action, resource);
    if (!bounded.allowed) return bounded;
  }
  const byRole = person.role === 'admin' ? yes : roleAllows(person, action);
  if (!resource || !byRole.allowed) return invisibly(person, byRole, action, resource);
  return decideResource(person, action, resource);
};

/** A refusal by role hides what the person would not see anyway. */
const invisibly = (person: Person, decision: Decision, action: Action, resource?: Resource): Decision => {
  if (decision.allowed || !resource) return decision;
  const seen = decideResource(person, readActionOf(resource), resource);
  return seen.allowed ? decision : { ...decision, visible: false };
};

function readActionOf(resource: Resource): Action {
  return resource.type === 'audit' ? 'audit.read' : `${resource.type}.read`;
}

const onEngines = /^(?:engine|container|image|volume|network|stack)\./;

/** To anything at all, by role, grants and groups. */
function roleAllows(person: Person, action: Action): Decision {
  const isViewer = person.role === 'viewer';
  if (action === 'container.unconfined') {
    return granted(person, action, onlyAdmins('let containers reach the host', action));
  }
  if (onEngines.test(action)) {
    return granted(person, 'container.manage', onlyAdmins('manage containers', 'container.manage'));
  }
  switch (action) {
    case 'server.run-process':
      return granted(
        person,
        action,
        'Only admins may run programs on this machine; register a remote server by its URL instead.',
      );
    case 'server.publish':
      if (person.role === 'manager') return yes;
      return granted(person, action, 'Only admins and managers may open a server to everyone.');
    case 'server.give':
    case 'user.list':
    case 'user.create':
    case 'user.manage':
    case 'user.empower':
    case 'user.approve':
    case 'user.remove':
    case 'audit.configure':
    case 'metrics.read':
    case 'group.widen':
      return no('Only admins may do this.');
    case 'group.create':
      return person.role === 'manager' ? yes : no('Only admins and managers may create groups.');
    case 'user.find':
    case 'group.update':
    case 'group.remove':
    case 'group.add-member':
    case 'group.update-member':
    case 'group.approve-member':
    case 'group.remove-member':
    case 'group.add-server':
    case 'group.update-server':
    case 'group.remove-server':
      if (isViewer) return no(viewersOnlyLook);
      return managesAny(person) ? yes : no('Only admins and managers of a group may do this.');
    case 'server.use':
    case 'group.use':
    case 'server.operate':
    case 'server.configure':
    case 'server.create':
    case 'server.remove':
    case 'server.share':
    case 'server.import':
    case 'secret.reveal':
      return isViewer ? no(viewersOnlyLook) : yes;
    default:
      return yes;
  }
}

const viewersOnlyLook = 'Viewers may look but not use or change anything.';

/** Names the grant that is missing, and where an account gets it. */
const onlyAdmins = (what: string, grant: Grant): string =>
  `Only admins may ${what}, and accounts with the grant '${grant}', which an admin gives on the page Users or with PUT /api/users/{userId}.`;

const granted = (person: Person, action: Action, reason: string): Decision =>
  person.grants.includes(action) && person.role !== 'viewer' ? yes : no(reason);

const managesAny = (person: Person): boolean =>
  person.role === 'manager' || [...person.groups.values()].includes('manager');

function decideResource(person: Person, action: Action, resource: Resource): Decision {
  switch (resource.type) {
    case 'server':
      return decideServer(person, action, resource);
    case 'group':
      return decideGroup(person, action, resource.id);
    case 'container':
    case 'image':
    case 'volume':
    case 'network':
    case 'stack':
      return decideOnEngine(person, action, resource);
    case 'user':
      return person.role === 'admin' || person.userId === resource.id ? yes : absent;
    case 'key':
    case 'session':
    case 'call':
    case 'audit':
      return person.role === 'admin' || person.userId === resource.userId ? yes : absent;
  }
}

const decideOnEngine = (person: Person, action: Action, { type, owner, shared = false }: EngineResource): Decision => {
  if (person.role === 'admin' || person.userId === owner) return yes;
  if (!shared) return absent;
  return action === `${type}.read` ? yes : no('This is not yours: only admins may change it.');
};

const decideGroup = (person: Person, action: Action, groupId: string): Decision => {
  if (person.role === 'admin') return yes;
  const role = person.groups.get(groupId);
  if (!role) return absent;
  if (action === 'group.read' || action === 'group.use' || action === 'group.leave' || role === 'manager') return yes;
  return no('Only admins and managers of this group may do this.');
};

/** What the person may do at one server, ownership, visibility and groups taken together. */
export const serverRights = (
  person: Pick<Person, 'role' | 'userId' | 'shares'>,
  server: Pick<ServerResource, 'id' | 'createdBy' | 'visibility'>,
) => {
  const full = person.role === 'admin' || server.createdBy === person.userId;
  const share = server.visibility === 'private' ? undefined : person.shares.get(server.id);
  const everyone = server.visibility === 'everyone';
  const all = full || everyone ? everyItem : null;
  return {
    full,
    read: full || everyone || (share?.read ?? false),
    write: full || (share?.write ?? false),
    inspect: all ?? share?.inspect ?? null,
    use: all ?? share?.use ?? null,
  };
};

const decideServer = (person: Person, action: Action, server: ServerResource): Decision => {
  const rights = serverRights(person, server);
  if (server.through) return decideThrough(person, rights.full, server);
  if (!rights.read) return absent;
  switch (action) {
    case 'server.read':
      return yes;
    case 'server.inspect':
      return mayItem(rights.inspect, server, 'Your groups do not let you see what this server offers.');
    case 'server.use':
      return mayItem(rights.use, server, 'Your groups let you see this server, not use it.');
    case 'secret.reveal':
      return rights.full ? yes : no('Only its owner and admins may see the secrets of a server.');
    case 'server.run-process':
    case 'server.publish':
      return yes;
    default:
      return rights.write ? yes : no('Your groups let you use this server, not manage it.');
  }
};

/** At a group's endpoint only what that group gives counts, and nobody else's private server. */
const decideThrough = (person: Person, full: boolean, server: ServerResource): Decision => {
  const { through } = server;
  const isMember = through !== undefined && (person.role === 'admin' || person.groups.has(through.groupId));
  if (!isMember || (server.visibility === 'private' && !full)) return absent;
  return mayItem(through.use, server, 'This group lets its members see this server, not use it.');
};

const mayItem = (filter: ItemFilter | null, { item }: ServerResource, reason: string): Decision => {
  if (filter === null) return no(reason);
  return !item || allowsItem(filter, item.type, item.name) ? yes : absent;
};
