import { z } from 'zod';

/** Asks that a delivery is posted. */
export const deliverWebhook = {
  name: 'webhooks.deliver',
  version: 1,
  input: z.object({ deliveryId: z.string() }),
} as const;
