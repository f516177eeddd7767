import { isObject } from '@switchboard/basics';
import { hasTasks, hasTasksExtension, tasksExtension } from '../../extensions.ts';
import { hubsOwn, ofTasks, routed } from '../../methods.ts';
import { ErrorCode, RpcError } from '../../rpc.ts';
import type { Catalog, JsonObject } from '../../types.ts';
import { wayTo } from '../../upstream/launch-facts.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import { isModernVersion } from '../../versions.ts';
import type { Fragment, View } from '../../view.ts';
import type { Peer } from '../sessions/peer.ts';
import { unmarkTask } from '../tasks/task-names.ts';
import type { Tasks, KnownTask } from '../tasks/tasks.ts';

const known = new Set([...hubsOwn, ...routed].map((method) => method.toLowerCase()));

/** Notifications that a client may send to servers of which it may use only some items. */
const harmless: ReadonlySet<string> = new Set(['notifications/roots/list_changed']);

export function methodNotFound(method: string): RpcError {
  return new RpcError(ErrorCode.methodNotFound, `Method not found: ${method}`);
}

/** Whether a notification of a client may go to a server: what the hub does not know, only where all of it is open. */
export function mayTell(fragment: Fragment, method: string): boolean {
  return !fragment.narrowed || harmless.has(method);
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

/** The receiver of a message. */
export interface Destination {
  serverId: string;
  /** Of the task it is about, as the server knows it. */
  taskId: string | null;
  /** It counts as a call: what it does, nobody knows. */
  counts: boolean;
  /** Takes what is others' out of the result. */
  own(result: JsonObject): JsonObject | Promise<JsonObject>;
  /** Says what a client cannot know of why a server refuses. */
  explain(this: void, error: unknown): unknown;
}

/** People share the connection to it, or it keeps no sessions apart. */
function isShared({ upstream, catalogOf }: OtherOptions, serverId: string): boolean {
  if (upstream(serverId).spec().isolation === 'shared') return true;
  const version = catalogOf(serverId)?.protocolVersion;
  return version !== undefined && isModernVersion(version);
}

/**
 * A task list without other people's tasks: of a server with shared instances, those that this person was not given,
 * and of any other, those that only others were given.
 */
export async function ownTasks(
  options: OtherOptions,
  { credential }: Peer,
  serverId: string,
  result: JsonObject,
): Promise<JsonObject> {
  const { tasks: listed } = result;
  if (!Array.isArray(listed)) return result;
  function idOf(task: unknown): unknown {
    return isObject(task) ? task['taskId'] : undefined;
  }
  const ids = listed.map(idOf).filter((id) => typeof id === 'string');
  const { mine, others } = await options.tasks.split(credential.person, serverId, ids);
  const shared = isShared(options, serverId);
  function isOwn(id: unknown): boolean {
    return typeof id === 'string' && (shared ? mine.has(id) : !others.has(id));
  }
  return { ...result, tasks: listed.filter((task: unknown) => isOwn(idOf(task))) };
}

/** The same list with the ids that the tasks have at an endpoint of several servers. */
export function shownTasks(
  { tasks }: OtherOptions,
  { credential }: Peer,
  serverId: string,
  result: JsonObject,
): JsonObject {
  const { tasks: listed } = result;
  if (!Array.isArray(listed)) return result;
  const shown = listed.map((task: unknown) => (isObject(task) ? tasks.shown(credential.person, serverId, task) : task));
  return { ...result, tasks: shown };
}

/** Methods about one task. */
function isAboutTask(method: string): boolean {
  return method.toLowerCase().startsWith('tasks/') && method.toLowerCase() !== 'tasks/list';
}

function unknownTask(method: string, taskId: unknown): RpcError {
  const text =
    typeof taskId === 'string'
      ? `Unknown task: ${taskId.slice(0, 256)}. No server here gave it to you, or that was too long ago.`
      : `${method} needs taskId, a string`;
  return new RpcError(ErrorCode.invalidParams, `Invalid params: ${text}`);
}

/** Methods that revision 2026-07-28 does not have: a task's result comes with `tasks/get`, and there is no list. */
const ofSessions: ReadonlySet<string> = new Set(['tasks/result', 'tasks/list']);

/**
 * Refuses what the tasks extension refuses, before anybody looks for the task: methods that it does not have, and
 * clients that do not say that they know it (SEP-2663). Clients of session revisions have tasks without it.
 */
export function assertKnowsTasks({ peer, view, method }: Pick<Other, 'peer' | 'view' | 'method'>): void {
  if (peer.era !== 'modern' || !ofTasks.has(method) || !hasTasksExtension(view.capabilities)) return;
  if (ofSessions.has(method)) throw methodNotFound(method);
  if (hasTasksExtension(peer.capabilities)) return;
  const text = `${method} needs a client that declares the extension ${tasksExtension}`;
  throw new RpcError(ErrorCode.missingCapability, text, {
    requiredCapabilities: { extensions: { [tasksExtension]: {} } },
  });
}

/** Refuses ids of tasks that this person was not given, where the server would not, or where others were given them. */
function assertOwnTask(
  options: OtherOptions,
  { peer, method, params }: Other,
  told: readonly KnownTask[],
  at: string,
): void {
  const { taskId } = params;
  if (taskId === undefined && !isAboutTask(method)) return;
  const byServer = told.filter(({ serverId }) => serverId === at);
  if (byServer.some(({ person }) => person === peer.credential.person)) return;
  if (byServer.length > 0 || isShared(options, at)) throw unknownTask(method, taskId);
}

/** A new process or connection may not know earlier tasks. */
function explainer({ upstream }: OtherOptions, serverId: string, told: KnownTask | undefined): Destination['explain'] {
  if (told?.earlier !== true) return (error) => error;
  return (error) => {
    if (!(error instanceof RpcError) || error.code !== ErrorCode.invalidParams) return error;
    const why =
      wayTo(upstream(serverId).spec().launch) === 'stdio'
        ? `Server ${serverId} is a program of the hub: tasks that it kept in memory ended with the process that made them.`
        : `Server ${serverId} is asked over another connection than the one that made the task: a server may keep tasks no longer than that.`;
    return new RpcError(error.code, `${error.message}${error.message.endsWith('.') ? '' : '.'} ${why}`, error.data);
  };
}

function decide(options: OtherOptions, other: Other, told: readonly KnownTask[]): Destination {
  const { peer, view, method, params } = other;
  const taskId = typeof params['taskId'] === 'string' ? params['taskId'] : null;
  const { person, key } = peer.credential;
  // A caller who may use only some items of a server reaches the tasks of its own credential. Of several servers that
  // gave the id, the first one is meant.
  const reached = told.find((each) => {
    const fragment = view.at(each.serverId);
    return fragment !== undefined && each.person === person && (!fragment.narrowed || each.credential === key);
  });
  const serverId = reached?.serverId ?? (view.selection.prefixed ? undefined : view.serverIds[0]);
  const fragment = serverId === undefined ? undefined : view.at(serverId);
  const isOfTasks = ofTasks.has(method);
  if (serverId === undefined || fragment === undefined) {
    const knows = isOfTasks && isAboutTask(method) && hasTasks(view.capabilities);
    throw knows ? unknownTask(method, params['taskId']) : methodNotFound(method);
  }
  if (fragment.narrowed && !(isOfTasks && reached !== undefined)) throw methodNotFound(method);
  assertOwnTask(options, other, told, serverId);
  return {
    serverId,
    taskId,
    counts: !isOfTasks,
    own: (result) => (method === 'tasks/list' ? ownTasks(options, peer, serverId, result) : result),
    explain: explainer(options, serverId, isOfTasks ? reached : undefined),
  };
}

/**
 * The receiver of a method that the hub does not know (tasks, extensions): the only server, or the one that made the
 * task. Throws or rejects with RpcError where it may not: a caller who may use only some items of a server reaches no
 * other method of it but those of tasks that its credential was given, nobody reaches tasks that only others were
 * given, and a known method in other letters is no method.
 */
export function destinationOf(options: OtherOptions, other: Other): Destination | Promise<Destination> {
  const { peer, view, method, params } = other;
  if (known.has(method.normalize('NFKC').trim().toLowerCase())) throw methodNotFound(method);
  const { taskId } = params;
  if (typeof taskId !== 'string') return decide(options, other, []);
  function asAsked(): Destination | Promise<Destination> {
    return toldOf(String(taskId), (told) => decide(options, other, told));
  }
  function toldOf(id: string, then: (told: readonly KnownTask[]) => Destination | Promise<Destination>) {
    const told = options.tasks.told(id, peer.credential.person);
    return told instanceof Promise ? told.then(then) : then(told);
  }
  const named = view.selection.prefixed ? unmarkTask(taskId, (serverId) => view.at(serverId) !== undefined) : null;
  if (named === null) return asAsked();
  return toldOf(named.taskId, (told) => {
    const mine = told.filter(
      ({ serverId, person }) => serverId === named.serverId && person === peer.credential.person,
    );
    if (mine.length === 0) return asAsked();
    return decide(options, { ...other, params: { ...params, taskId: named.taskId } }, mine);
  });
}
