import { z } from 'zod';
import { shutDown as stopHub } from '@switchboard/core/shutdown';
import { route } from './dialect.ts';
import { ShuttingDown } from './wire.ts';

export const shutDown = route({
  method: 'POST',
  path: '/system/shutdown',
  aliases: ['/api/system/shutdown'],
  summary: 'Stop the hub',
  description:
    'For admins, and only where ALLOW_SHUTDOWN=true is set. The hub answers, finishes what is under way and ends; runs of graphs are kept, and go on when it is started again.',
  verbs: [stopHub],
  errors: [401, 403, 500, 503],
  example: { response: { status: 'success', message: '服务关闭过程已启动', active_sessions: 2 } },
})
  .input(z.object({}))
  .output(ShuttingDown)
  .mutation(async ({ ctx }) => {
    const { running } = await stopHub(ctx.core, {});
    return { status: 'success' as const, message: '服务关闭过程已启动', active_sessions: running };
  });
