import { z } from 'zod';
import { DomainError } from '../errors.ts';
import { countRunning } from '../journal/read.ts';
import { say } from '../reasons.ts';
import { verb } from '../verb.ts';

/**
 * Starts to stop this process, as a SIGTERM does, and returns the number of running graph runs: they are kept, and
 * resume where a hub is started on the same database. Refused where the settings do not allow it.
 */
export const shutDown = verb(
  { name: 'hub.stop', access: 'write', input: z.object({}) },
  async (ctx): Promise<{ running: number }> => {
    const { shutDown: stop } = ctx;
    if (!stop) throw new DomainError('forbidden', say('shutdownNotAllowed'));
    const running = await countRunning(ctx.db, { hubId: ctx.journal.hubId, kind: 'graph' });
    ctx.audit({ id: ctx.journal.hubId, details: { running } });
    // The answer is under way by then, and a hub that stops finishes what is under way.
    ctx.afterwards(async () => stop());
    return { running };
  },
);
