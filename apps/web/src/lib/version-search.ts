import { z } from 'zod';

/** Which version is shown, and whether against what is kept now. */
export const VersionSearch = z.object({
  version: z.number().int().optional().catch(undefined),
  against: z.literal('now').optional().catch(undefined),
});
export type VersionSearch = z.infer<typeof VersionSearch>;
