import { z } from 'zod';

/** What the addresses of the groups' pages may carry. */
export const GroupsSearch = z.object({ q: z.string().optional().catch(undefined) });
export type GroupsSearch = z.infer<typeof GroupsSearch>;

export const GroupServersSearch = z.object({ server: z.string().optional().catch(undefined) });
export const GroupRightsSearch = z.object({
  user: z.string().optional().catch(undefined),
  server: z.string().optional().catch(undefined),
});
