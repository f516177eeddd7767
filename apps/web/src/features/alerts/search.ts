import { z } from 'zod';
import { alertSeverities } from '@switchboard/core/alerts/schema';

/** What the address of the alerts may carry. */
export const AlertsSearch = z.object({
  tab: z.enum(['open', 'resolved', 'rules']).optional().catch(undefined),
  severity: z.enum(alertSeverities).optional().catch(undefined),
});
export type AlertsSearch = z.infer<typeof AlertsSearch>;
