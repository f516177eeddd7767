import { isObject } from '@switchboard/basics';
import type { JsonObject } from '../../types.ts';

/**
 * Keeps tasks apart that two servers gave one person under one id, as servers do that count: at an endpoint of several
 * servers the task that came later is called `<server>+<id>` (docs/adr/0017).
 */

const relatedTask = 'io.modelcontextprotocol/related-task';

/** A task as its server knows it. */
export interface NamedTask {
  serverId: string;
  taskId: string;
}

export function markTask(serverId: string, taskId: string): string {
  return `${serverId}+${taskId}`;
}

/** The task behind an id that carries the name of a server of the endpoint; null for any other. */
export function unmarkTask(taskId: string, has: (serverId: string) => boolean): NamedTask | null {
  const end = taskId.indexOf('+');
  if (end === -1) return null;
  const serverId = taskId.slice(0, end);
  return has(serverId) ? { serverId, taskId: taskId.slice(end + 1) } : null;
}

type MapId = (id: string) => string;

function mapOwn(value: JsonObject, map: MapId): JsonObject {
  const before = value['taskId'];
  if (typeof before !== 'string') return value;
  const after = map(before);
  return after === before ? value : { ...value, taskId: after };
}

function mapMember(value: JsonObject, key: string, mapValue: (member: JsonObject) => JsonObject): JsonObject {
  const before = value[key];
  if (!isObject(before)) return value;
  const after = mapValue(before);
  return after === before ? value : { ...value, [key]: after };
}

/** Maps the ids of tasks that a result or the parameters of a notification name; the same object where none changes. */
export function mapTasks(value: JsonObject, map: MapId): JsonObject {
  const own = mapMember(mapOwn(value, map), 'task', (task) => mapOwn(task, map));
  return mapMember(own, '_meta', (meta) => mapMember(meta, relatedTask, (related) => mapOwn(related, map)));
}
