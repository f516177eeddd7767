import { z } from 'zod';

const text = z.string().optional().catch(undefined);

export const StacksSearch = z.object({ q: text });
/** Which version is shown, and whether against what is kept now. */
export const StackHistorySearch = z.object({
  version: z.number().int().optional().catch(undefined),
  against: z.literal('now').optional().catch(undefined),
});
export const StackLogsSearch = z.object({ service: text, q: text });
