import { HUBS_OWN, OF_TASKS, ROUTED } from '../methods.ts';
import { ErrorCode, isObject, RpcError } from '../rpc.ts';
import type { Catalog, JsonObject } from '../types.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { isModernVersion } from '../versions.ts';
import type { Fragment, View } from '../view.ts';
import type { Peer } from './peer.ts';
import type { Tasks } from './tasks.ts';

const KNOWN = new Set([...HUBS_OWN, ...ROUTED].map((method) => method.toLowerCase()));

/** What a client may tell servers of which it may use only some items. */
const HARMLESS: ReadonlySet<string> = new Set(['notifications/roots/list_changed']);

export function methodNotFound(method: string): RpcError {
  return new RpcError(ErrorCode.methodNotFound, `Method not found: ${method}`);
}

/** Whether a notification of a client may go to a server: what the hub does not know, only where all of it is open. */
export function mayTell(fragment: Fragment, method: string): boolean {
  return !fragment.narrowed || HARMLESS.has(method);
}

/** A method that the hub does not know, and what the peer may see. */
interface Other {
  peer: Peer;
  view: View;
  method: string;
  params: JsonObject;
}

export interface OtherOptions {
  upstream(serverId: string): Upstream;
  catalogOf(serverId: string): Catalog | null;
  tasks: Tasks;
}

/** Where it goes. */
export interface Destination {
  serverId: string;
  /** Of the task it is about. */
  taskId: string | null;
  /** It counts as a call: what it does, nobody knows. */
  counts: boolean;
  /** Takes what is others' out of the result. */
  own(result: JsonObject): JsonObject;
}

/** People share the connection to it, or it keeps no sessions apart. */
function isShared({ upstream, catalogOf }: OtherOptions, serverId: string): boolean {
  if (upstream(serverId).spec().isolation === 'shared') return true;
  const version = catalogOf(serverId)?.protocolVersion;
  return version !== undefined && isModernVersion(version);
}

/** A task list of a shared server names everybody's. */
function ownTasks({ tasks }: OtherOptions, { peer }: Other, serverId: string): Destination['own'] {
  return (result) => {
    const { tasks: listed } = result;
    if (!Array.isArray(listed)) return result;
    const mine = listed.filter((task: unknown) => {
      const id = isObject(task) ? task['taskId'] : undefined;
      return typeof id === 'string' && tasks.isOf(peer.credential.person, serverId, id);
    });
    return { ...result, tasks: mine };
  };
}

/** Refuses ids of tasks that this person was not told of. */
function assertOwnTask(options: OtherOptions, { peer, method, params }: Other, serverId: string): void {
  const { taskId } = params;
  const about = method.toLowerCase().startsWith('tasks/') && method !== 'tasks/list';
  if (taskId === undefined && !about) return;
  if (typeof taskId === 'string' && options.tasks.isOf(peer.credential.person, serverId, taskId)) return;
  const text =
    typeof taskId === 'string' ? `Unknown task: ${taskId.slice(0, 256)}` : `${method} needs taskId, a string`;
  throw new RpcError(ErrorCode.invalidParams, `Invalid params: ${text}`);
}

/**
 * Where a method goes that the hub does not know (tasks, extensions): to the only server, or the one that made the
 * task. Throws RpcError where it may not: who may use only some items of a server reaches no other method of it but
 * those of tasks this conversation was told of, and a known method in other letters is no method.
 */
export function destinationOf(options: OtherOptions, other: Other): Destination {
  const { peer, view, method, params } = other;
  const taskId = typeof params['taskId'] === 'string' ? params['taskId'] : null;
  const byTask = taskId === null ? undefined : peer.mentions?.task(taskId);
  const serverId = byTask ?? (view.selection.prefixed ? undefined : view.serverIds[0]);
  const fragment = serverId === undefined ? undefined : view.at(serverId);
  if (serverId === undefined || fragment === undefined) throw methodNotFound(method);
  if (KNOWN.has(method.normalize('NFKC').trim().toLowerCase())) throw methodNotFound(method);
  const ofTask = OF_TASKS.has(method) && byTask === serverId;
  if (fragment.narrowed && !ofTask) throw methodNotFound(method);
  const shared = isShared(options, serverId);
  if (shared) assertOwnTask(options, other, serverId);
  const own = shared && method === 'tasks/list' ? ownTasks(options, other, serverId) : (result: JsonObject) => result;
  return { serverId, taskId, counts: !OF_TASKS.has(method), own };
}
