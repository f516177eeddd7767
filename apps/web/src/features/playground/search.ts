import { z } from 'zod';
import { methods } from '../../lib/calls/methods.ts';

/** What the address of the playground may carry. */
export const PlaygroundSearch = z.object({
  server: z.string().optional().catch(undefined),
  method: z.enum(methods).optional().catch(undefined),
  name: z.string().optional().catch(undefined),
});
export type PlaygroundSearch = z.infer<typeof PlaygroundSearch>;
