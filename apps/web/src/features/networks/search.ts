import { z } from 'zod';

export const NetworksSearch = z.object({
  q: z.string().optional().catch(undefined),
  sort: z.enum(['name', 'driver']).optional().catch(undefined),
  order: z.enum(['asc', 'desc']).optional().catch(undefined),
});
