import { z } from 'zod';
import { type Ctx, DomainError } from '@switchboard/core';
import { may } from '@switchboard/core/access';
import { logLevels } from '@switchboard/core/logs/schema';
import { say } from '@switchboard/core/reasons';
import type { ServerRights } from '@switchboard/core/servers/schema';
import type { Visible } from '../visible.ts';

const mostIds = 50;
const Id = z.string().min(1).max(128);

/** One id, or several. */
export const ServerIds = z.union([Id.transform((id) => [id]), z.array(Id).min(1).max(mostIds)], {
  error: `must be the id of a server, or a list of at most ${mostIds} of them`,
});

/** The least severe level that is wanted. */
export const LeastLevel = z.enum(logLevels);

/** The servers that the caller sees; throws `not_found` where one of these is missing. */
export async function requireServers(
  core: Ctx,
  visible: Visible,
  ids: readonly string[] = [],
): Promise<Map<string, ServerRights>> {
  const seen = await visible.load(core);
  const id = ids.find((each) => !seen.has(each));
  if (id !== undefined) throw new DomainError('not_found', say('noServer', { id }), { value: id });
  return seen;
}

/**
 * Whether the caller still has the right at these servers, or at all where none is named. A removed server counts for
 * nothing: its followers get the event of its removal.
 */
export function mayStillAt(
  core: Ctx,
  action: 'server.read' | 'server.logs',
  ids: readonly string[] | undefined,
): boolean {
  if (!ids) return may(core, action);
  return ids.every((id) => {
    const server = core.hub.resourceOfServer(id);
    return server === null || may(core, action, server);
  });
}
