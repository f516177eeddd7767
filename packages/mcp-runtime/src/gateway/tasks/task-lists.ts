import { isObject } from '@switchboard/basics';
import { hasTaskList } from '../../extensions.ts';
import { ErrorCode, RpcError } from '../../rpc.ts';
import type { JsonObject } from '../../types.ts';
import type { View } from '../../view.ts';
import { methodNotFound } from '../calls/other-methods.ts';
import type { Peer } from '../sessions/peer.ts';

/** Characters of a cursor: it holds one of each server. */
const longestCursor = 64 * 1024;

type Cursors = [serverId: string, cursor: string | null][];

function invalidCursor(): RpcError {
  return new RpcError(ErrorCode.invalidParams, 'Invalid cursor: ask for the list again without cursor');
}

/** The place to continue at each server; the cursor comes from the client, and can hold anything. */
function readCursor(cursor: unknown, serverIds: readonly string[]): Cursors {
  if (typeof cursor !== 'string' || cursor.length > longestCursor) throw invalidCursor();
  let read: unknown;
  try {
    read = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw invalidCursor();
  }
  if (!isObject(read)) throw invalidCursor();
  const at = read;
  return serverIds.flatMap((serverId): Cursors => {
    const next = Object.hasOwn(at, serverId) ? at[serverId] : undefined;
    return typeof next === 'string' ? [[serverId, next]] : [];
  });
}

function writeCursor(cursors: Cursors): string | undefined {
  if (cursors.length === 0) return undefined;
  return Buffer.from(JSON.stringify(Object.fromEntries(cursors)), 'utf8').toString('base64url');
}

/**
 * One page of the tasks of all servers with a list of them: a page of each, and a cursor that holds theirs. A server
 * that fails adds none; throws RpcError where no server has a list, or all that have one fail.
 */
export async function joinTaskLists(
  view: View,
  peer: Peer,
  params: JsonObject,
  ask: (serverId: string, params: JsonObject) => Promise<JsonObject>,
): Promise<JsonObject> {
  const serverIds = view.fragments.filter(hasTaskList).map(({ server }) => server.serverId);
  if (serverIds.length === 0) throw methodNotFound('tasks/list');
  const { cursor = null, ...rest } = params;
  const from = cursor === null ? serverIds.map((id): Cursors[number] => [id, null]) : readCursor(cursor, serverIds);
  const pages = await Promise.allSettled(
    from.map(([serverId, at]) => ask(serverId, at === null ? { ...rest } : { ...rest, cursor: at })),
  );
  const [first] = pages;
  if (first?.status === 'rejected' && pages.every(({ status }) => status === 'rejected')) throw first.reason;
  const tasks: unknown[] = [];
  const next: Cursors = [];
  for (const [place, page] of pages.entries()) {
    const serverId = from[place]?.[0];
    if (page.status === 'rejected' || serverId === undefined) continue;
    const { tasks: listed, nextCursor } = page.value;
    // Not spread: the arguments of a call are bounded, and a server's list is not.
    for (const task of Array.isArray(listed) ? listed : []) tasks.push(task);
    if (typeof nextCursor === 'string') next.push([serverId, nextCursor]);
  }
  const nextCursor = writeCursor(next);
  return {
    ...(peer.era === 'modern' && { resultType: 'complete' }),
    tasks,
    ...(nextCursor !== undefined && { nextCursor }),
  };
}
