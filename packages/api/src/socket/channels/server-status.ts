import { z } from 'zod';
import type { Ctx } from '@switchboard/core';
import { requireRight } from '@switchboard/core/access';
import { describePhase } from '@switchboard/core/monitoring/schema';
import { visibleStatus } from '@switchboard/core/servers';
import type { Phase, ServerStatus } from '@switchboard/mcp-runtime/types';
import type { Visible } from '../../visible.ts';
import { channelOf, type Push } from '../channel.ts';
import { mayStillAt, requireServers, ServerIds } from '../filters.ts';
import type { ChannelEvent } from '../outbox.ts';

const Asked = z.strictObject({ filters: z.strictObject({ serverId: ServerIds.optional() }).optional() });

/** The last event of a server. */
interface LastTold {
  status: Phase | 'removed';
  pid: number | null;
  error: string | null;
}

const unknown: LastTold = { status: 'stopped', pid: null, error: null };

function tellable(status: ServerStatus, mayReadLogs: boolean): LastTold {
  const { phase, pid, error } = visibleStatus(status, mayReadLogs);
  return { status: describePhase(status), pid: phase === 'running' ? pid : null, error };
}

/** Tells one subscription of servers, each change once. */
function createTeller(core: Ctx, visible: Visible, push: Push) {
  const last = new Map<string, LastTold>();

  function told(
    serverId: string,
    now: LastTold,
    previousStatus: LastTold['status'] | null,
    snapshot?: true,
  ): ChannelEvent {
    last.set(serverId, now);
    return { data: { serverId, previousStatus, ...now }, at: core.clock.now(), ...(snapshot && { snapshot }) };
  }

  return {
    /** How a server is as the subscription begins. */
    snapshot(serverId: string, mayReadLogs: boolean) {
      const status = core.hub.runtime.status(serverId);
      push(() => told(serverId, status ? tellable(status, mayReadLogs) : unknown, null, true));
    },
    changed(status: ServerStatus, previous: Phase) {
      push(async () => {
        const rights = (await visible.load(core)).get(status.id);
        if (!rights) return null;
        const now = tellable(status, rights.logs);
        const before = last.get(status.id);
        const isSame = before?.status === now.status && before.pid === now.pid && before.error === now.error;
        return isSame ? null : told(status.id, now, before?.status ?? previous);
      });
    },
    /** Only clients that got an event of the server are told of its removal; others never learn that it existed. */
    removed(serverId: string) {
      push(() => {
        const before = last.get(serverId);
        if (!before) return null;
        last.delete(serverId);
        const data = { serverId, previousStatus: before.status, status: 'removed', pid: null, error: null };
        return { data, at: core.clock.now() };
      });
    },
  };
}

/** Changes of servers' states, and first how each is. */
export const serverStatus = channelOf(Asked, (core, { filters }) => {
  const wanted = filters?.serverId && new Set(filters.serverId);
  function isWanted(id: string) {
    return wanted?.has(id) ?? true;
  }
  return {
    async admit(visible) {
      requireRight(core, 'server.read');
      await requireServers(core, visible, filters?.serverId);
    },
    mayStill: () => mayStillAt(core, 'server.read', filters?.serverId),
    async follow(push, visible) {
      const seen = await visible.load(core);
      const teller = createTeller(core, visible, push);
      const stops = [
        core.hub.runtime.subscribe((event) => {
          if (event.type === 'status' && isWanted(event.status.id)) teller.changed(event.status, event.previous);
        }),
        core.events.subscribe((event) => {
          if (event.type === 'server.removed' && isWanted(event.id)) teller.removed(event.id);
        }),
      ];
      for (const [id, { logs }] of seen) if (isWanted(id)) teller.snapshot(id, logs);
      return () => stops.forEach((stop) => stop());
    },
  };
});
