import { z } from 'zod';

export const VolumesSearch = z.object({
  q: z.string().optional().catch(undefined),
  sort: z.enum(['name', 'driver', 'used', 'created']).optional().catch(undefined),
  order: z.enum(['asc', 'desc']).optional().catch(undefined),
});
