import { z } from 'zod';

const text = z.string().optional().catch(undefined);

export const ImagesSearch = z.object({
  q: text,
  sort: z.enum(['name', 'size', 'used', 'created']).optional().catch(undefined),
  order: z.enum(['asc', 'desc']).optional().catch(undefined),
});
