import type { Ctx } from '../context.ts';
import { sendNotificationJob } from '../jobs/types/send-notification.ts';
import { newId } from '../secrets.ts';
import { toNotification, type Notice } from './message.ts';
import { destinations } from './schema.ts';
import { isOn } from './send.ts';

/**
 * Notifies people in every enabled way: a job each, stored with the caller's transaction, so that a failed one is
 * retried alone. Returns the id that all of them carry.
 */
export async function notify(ctx: Ctx, told: Notice): Promise<string> {
  const id = newId();
  const at = new Date(ctx.clock.now());
  const notification = toNotification(told, { id, at, publicUrl: ctx.policy.publicUrl ?? null });
  const { notifications } = ctx.settings.now();
  for (const destination of destinations) {
    if (isOn(destination, notifications))
      await ctx.jobs.send(ctx.db, sendNotificationJob, { destination, notification });
  }
  return id;
}
