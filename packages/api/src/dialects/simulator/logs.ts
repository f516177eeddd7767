import { z } from 'zod';
import { clearAppLogs, listAppLogs } from '@switchboard/core/apps';
import { route } from './dialect.ts';
import { logs as examples } from './examples.ts';
import { toLog } from './map.ts';
import { LogQuery, Logs } from './wire.ts';

export const list = route({
  method: 'GET',
  path: '/admin/api/logs',
  summary: 'List what was done, and what was called',
  description:
    'Newest first. Calls are entries of the action `tools/call`. Admins see all, others what they did and their tokens called.',
  verbs: [listAppLogs],
  errors: [400, 401, 403],
  example: { response: { logs: [examples.created], total: 500, page: 1, per_page: 50, hasMore: true } },
})
  .input(LogQuery)
  .output(Logs)
  .query(async ({ ctx, input: { page, per_page: limit, action, app_id: app } }) => {
    const query = { page, limit, ...(action !== undefined && { action }), ...(app !== undefined && { app }) };
    const { items, total } = await listAppLogs(ctx.core, query);
    return { logs: items.map(toLog), total, page, per_page: limit, hasMore: page * limit < total };
  });

export const clear = route({
  method: 'DELETE',
  path: '/admin/api/logs',
  summary: 'Remove all of the log',
  beyond: true,
  verbs: [clearAppLogs],
  errors: [401, 403],
  example: { response: { message: '日志已清空', deleted_count: 500 } },
})
  .input(z.object({}))
  .output(
    z.object({ message: z.string(), deleted_count: z.int().meta({ description: 'How many entries were removed' }) }),
  )
  .mutation(async ({ ctx }) => ({ message: '日志已清空', deleted_count: (await clearAppLogs(ctx.core, {})).removed }));
