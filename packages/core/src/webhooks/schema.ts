import { z } from 'zod';
import { deliveryStates } from '@switchboard/db/words';

export { deliveryStates };

/** The kinds of events for webhooks. */
export const webhookEvents = [
  'server.created',
  'server.updated',
  'server.deleted',
  'server.status_changed',
  'group.created',
  'group.updated',
  'group.deleted',
  'user.login',
  'user.logout',
  'config.changed',
  'system.error',
] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

/** Words for several of them. */
export const eventFamilies = ['*', 'server.*', 'group.*', 'user.*', 'config.*', 'system.*'] as const;

/** The mask of a stored secret, which keeps it where it is written back. */
export const hiddenSecret = '***';

const fields = {
  name: z.string().trim().min(1).max(128),
  url: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).max(2_048),
  /** Words of `webhookEvents` or `eventFamilies`. */
  events: z
    .array(z.enum([...webhookEvents, ...eventFamilies]))
    .min(1)
    .max(32),
  enabled: z.boolean(),
  /** The secret that signs; one is made where none is given. */
  secret: z.string().min(8).max(256).or(z.literal(hiddenSecret)),
};

export const CreateWebhook = z.object({
  ...fields,
  enabled: fields.enabled.default(true),
  secret: fields.secret.optional(),
});
export const UpdateWebhook = z.object({ id: z.string().max(128), patch: z.object(fields).partial() });
export const WebhookById = z.object({ id: z.string().max(128) });
export const ListDeliveries = WebhookById.extend({
  state: z.enum(deliveryStates).optional(),
  limit: z.int().min(1).max(200).default(50),
  /** `nextCursor` of the page before. */
  cursor: z.string().max(128).optional(),
});

export interface Webhook {
  id: string;
  name: string;
  url: string;
  events: string[];
  enabled: boolean;
  /** Shown once, when it was made; else `***`. */
  secret: string;
  createdAt: Date;
  updatedAt: Date;
}

export interface Delivery {
  id: string;
  webhookId: string;
  /** Equal in each delivery of this event. */
  eventId: string;
  type: string;
  state: (typeof deliveryStates)[number];
  attempts: number;
  /** The body that was posted. */
  request: string;
  /** Status and the beginning of the last answer. */
  status: number | null;
  answer: string | null;
  error: string | null;
  durationMs: number | null;
  attemptedAt: Date | null;
  createdAt: Date;
}

export interface DeliveryPage {
  /** Newest first. */
  items: Delivery[];
  nextCursor: string | null;
}
