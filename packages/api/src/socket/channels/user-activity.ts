import { z } from 'zod';
import { may, requireRight } from '@switchboard/core/access';
import type { Logged } from '@switchboard/core/logs';
import { channelOf } from '../channel.ts';

const word = z.string().min(1).max(128);

const Asked = z.strictObject({
  filters: z.strictObject({ userId: word.optional(), action: word.optional() }).optional(),
});

type Entry = Extract<Logged, { source: 'audit' }>['row'];

const everybodys = { type: 'audit', userId: null } as const;

function tellable({ userId, actorName, action, subject, outcome, address, way, requestId }: Entry) {
  return { userId, username: actorName, action, target: subject, outcome, ip: address, way, requestId };
}

/** Changes by people and their keys, as the audit log has them, and refusals. */
export const userActivity = channelOf(Asked, (core, { filters = {} }) => {
  function isWanted({ userId, action }: Entry): boolean {
    return (
      userId !== null &&
      (filters.userId ?? userId) === userId &&
      (filters.action === undefined || filters.action === action)
    );
  }
  return {
    admit: () => requireRight(core, 'audit.read', everybodys),
    mayStill: () => may(core, 'audit.read', everybodys),
    follow: (push) =>
      core.logs.subscribe((logged) => {
        if (logged.source !== 'audit' || !isWanted(logged.row)) return;
        const { row } = logged;
        push(() => (may(core, 'audit.read', everybodys) ? { data: tellable(row), at: row.at.getTime() } : null));
      }),
  };
});
