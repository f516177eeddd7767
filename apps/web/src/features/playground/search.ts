import { z } from 'zod';

export const methods = ['tools/call', 'prompts/get', 'resources/read'] as const;
export type Method = (typeof methods)[number];

/** What the address of the playground may carry. */
export const PlaygroundSearch = z.object({
  server: z.string().optional().catch(undefined),
  method: z.enum(methods).optional().catch(undefined),
  name: z.string().optional().catch(undefined),
});
