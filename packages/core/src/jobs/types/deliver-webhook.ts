import { deliver } from '../../webhooks/deliver.ts';
import { deliverWebhook } from '../../webhooks/request.ts';
import { jobType } from '../job-type.ts';

/** Posts an event to a webhook. More tries than a delivery has: those of hubs that were killed count too. */
export const deliverWebhookJob = jobType({
  ...deliverWebhook,
  limits: {
    expireInSeconds: 60,
    heartbeatSeconds: 15,
    retryLimit: 6,
    retryDelaySeconds: 5,
    longestRetryDelaySeconds: 300,
  },
  atOnce: 8,
  run: (ctx, { deliveryId }) => deliver(ctx, deliveryId),
});
