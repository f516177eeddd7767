import type { Actor } from '../context.ts';

/** Everything that can be permitted; the same words name verbs and audit rows. */
export const actions = [
  'server.read',
  'server.use',
  'server.operate',
  'server.configure',
  'server.create',
  'server.remove',
  'server.logs',
  'server.run-process',
  'server.import',
  'server.export',
  'secret.reveal',
  'call.read',
  'key.create',
  'key.read',
  'key.revoke',
  'session.create',
  'session.end',
  'monitoring.read',
] as const;

export type Action = (typeof actions)[number];

export type Resource =
  | { type: 'server'; createdBy: string | null }
  | { type: 'key'; userId: string }
  | { type: 'call'; userId: string | null };

export type Decision = { allowed: true } | { allowed: false; reason: string; visible: boolean };

const yes: Decision = { allowed: true };
const no = (reason: string, visible = true): Decision => ({ allowed: false, reason, visible });

/**
 * May the actor do this to the resource? Without a resource: to any at all.
 * Pure and total; listing, searching and calling all ask here. `visible: false` means it must look absent.
 */
export function decide(actor: Actor, action: Action, resource?: Resource): Decision {
  switch (actor.type) {
    case 'system':
    case 'local':
      return yes;
    case 'anonymous':
      return action === 'session.create' ? yes : no('Sign in first.', false);
    case 'key':
      return decideKey(actor, action, resource);
    case 'user':
      return decideUser(actor, action, resource);
  }
}

const decideKey = (actor: Extract<Actor, { type: 'key' }>, action: Action, resource?: Resource): Decision => {
  if (action === 'key.create' || action === 'secret.reveal') {
    return no('An API key may not do this: sign in as a user.');
  }
  if (!actor.scopes.some((scope) => covers(scope, action))) {
    return no(`This API key is not allowed to ${action}.`);
  }
  return decideUser({ ...actor, id: actor.userId }, action, resource);
};

const covers = (scope: string, action: Action): boolean =>
  scope === '*' || scope === action || (scope.endsWith('.*') && action.startsWith(scope.slice(0, -1)));

function decideUser(user: { id: string; role: string }, action: Action, resource?: Resource): Decision {
  if (user.role === 'admin') return yes;
  if (resource && !owns(user.id, resource)) return no('This is not yours.', false);
  switch (action) {
    case 'server.run-process':
      return no('Only admins may run programs on this machine; register a remote server by its URL instead.');
    case 'server.read':
    case 'server.logs':
    case 'server.export':
    case 'call.read':
    case 'key.read':
    case 'session.create':
    case 'session.end':
    case 'monitoring.read':
      return yes;
    case 'server.use':
    case 'key.create':
    case 'key.revoke':
      return yes;
    case 'server.operate':
    case 'server.configure':
    case 'server.create':
    case 'server.remove':
    case 'server.import':
    case 'secret.reveal':
      return user.role === 'viewer' ? no('Viewers may look but not change anything.') : yes;
  }
}

const owns = (userId: string, resource: Resource): boolean =>
  resource.type === 'server' ? resource.createdBy === userId : resource.userId === userId;

/** True where the actor may. */
export const may = (actor: Actor, action: Action, resource?: Resource): boolean =>
  decide(actor, action, resource).allowed;
