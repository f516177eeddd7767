import { z } from 'zod';
import { may, requireRight } from '@switchboard/core/access';
import { listLogs } from '@switchboard/core/servers';
import type { ServerRights } from '@switchboard/core/servers/schema';
import type { LogLine } from '@switchboard/mcp-runtime/types';
import { toHubLog } from '../../dialects/hub/map.ts';
import type { HubLog } from '../../dialects/hub/wire.ts';
import { isAtLeast } from '../../log-levels.ts';
import { channelOf } from '../channel.ts';
import { LeastLevel, mayStillAt, requireServers, ServerIds } from '../filters.ts';
import type { ChannelEvent } from '../outbox.ts';

const Asked = z.strictObject({
  filters: z
    .strictObject({
      serverId: ServerIds.optional(),
      /** The least severe level that is wanted. */
      level: LeastLevel.optional(),
      search: z.string().min(1).max(200).optional(),
    })
    .optional(),
});

/** The event of a line, the same object for all followers. */
const told = new WeakMap<LogLine, HubLog>();

function toTold(line: LogLine): HubLog {
  const known = told.get(line);
  if (known) return known;
  const made = toHubLog(line);
  told.set(line, made);
  return made;
}

/** Each new line of the servers whose logs the caller may read. */
export const serverLogs = channelOf(Asked, (core, { filters = {} }) => {
  const { serverId, level = 'debug', search } = filters;
  const wanted = serverId && new Set(serverId);
  const text = search?.toLowerCase();
  return {
    async admit(visible) {
      requireRight(core, 'server.read');
      const seen = await requireServers(core, visible, serverId);
      const refused = serverId?.find((id) => seen.get(id)?.logs !== true);
      // It says why.
      if (refused !== undefined) await listLogs(core, { id: refused, limit: 1 });
    },
    mayStill: () => may(core, 'server.read') && mayStillAt(core, 'server.logs', serverId ?? []),
    follow(push, visible) {
      return core.hub.runtime.subscribe((event) => {
        if (event.type !== 'log') return;
        const { line } = event;
        if (wanted && !wanted.has(line.serverId)) return;
        if (!isAtLeast(line.level, level)) return;
        if (text !== undefined && !line.message.toLowerCase().includes(text)) return;
        function tellTo(seen: Map<string, ServerRights>): ChannelEvent | null {
          return seen.get(line.serverId)?.logs ? { data: toTold(line), at: line.time } : null;
        }
        push(() => {
          const seen = visible.loaded(core);
          return seen ? tellTo(seen) : visible.load(core).then(tellTo);
        });
      });
    },
  };
});
