import { z } from 'zod';
import { alertSeverities } from '@switchboard/db/words';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { ChangeConfiguration } from '../configuration/schema.ts';

/** The ways of a notification. */
export const Destination = z.enum(['email', 'slack', 'webhook']);
export type Destination = z.infer<typeof Destination>;
export const destinations = Destination.options;

export const Severity = z.enum(alertSeverities);
export type Severity = z.infer<typeof Severity>;

/** A notification that waits to be sent. */
export const Notification = z.object({
  id: z.string(),
  at: z.string(),
  severity: Severity,
  title: z.string(),
  text: z.string(),
  link: z.string().nullable(),
  groupKey: z.string().nullable(),
});
export type Notification = z.infer<typeof Notification>;

/** Settings to be tried before they are stored; what is left out is as it is stored. */
export const TestNotifications = z.strictObject({
  destination: Destination,
  smtp: ChangeConfiguration.shape.smtp,
  notifications: ChangeConfiguration.shape.notifications,
  to: z.email().max(320).optional().meta({ description: 'Where the mail goes instead' }),
});

/** How a test went. */
export interface NotificationTest {
  destination: Destination;
  ok: boolean;
  /** Why it failed; null where it did not. */
  why: Reason | null;
}
