import { z } from 'zod';
import { DomainError } from '../../errors.ts';
import { Destination, Notification } from '../../notifications/schema.ts';
import { isOn, sendNotification } from '../../notifications/send.ts';
import { jobType } from '../job-type.ts';

/** Tells people something in one way, as long as that way is switched on. */
export const sendNotificationJob = jobType({
  name: 'notification.send',
  version: 1,
  input: z.object({ destination: Destination, notification: Notification }),
  limits: {
    expireInSeconds: 60,
    heartbeatSeconds: 30,
    retryLimit: 10,
    retryDelaySeconds: 5,
    longestRetryDelaySeconds: 900,
  },
  atOnce: 4,
  async run(ctx, { destination, notification }) {
    if (!isOn(destination, ctx.settings.now().notifications)) return;
    const why = await sendNotification(ctx, destination, notification);
    if (why) throw new DomainError('unavailable', why);
  },
});
