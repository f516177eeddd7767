import { z } from 'zod';
import { containerWords } from '../../lib/container-state.ts';

const text = z.string().optional().catch(undefined);

/** What the addresses of the containers' pages may carry; a value that makes no sense is ignored. */
export const ContainersSearch = z.object({
  q: text,
  state: z
    .enum(['on', 'off', ...containerWords])
    .optional()
    .catch(undefined),
  stack: text,
  sort: z.enum(['name', 'image', 'state', 'created']).optional().catch(undefined),
  order: z.enum(['asc', 'desc']).optional().catch(undefined),
});
export type ContainersSearch = z.infer<typeof ContainersSearch>;

export const NewContainerSearch = z.object({ image: text });

export const tails = ['100', '500', '2000', '5000'] as const;
export const spans = ['5m', '1h', '24h'] as const;
export const ContainerLogsSearch = z.object({
  q: text,
  stream: z.enum(['stdout', 'stderr']).optional().catch(undefined),
  tail: z.enum(tails).optional().catch(undefined),
  since: z.enum(spans).optional().catch(undefined),
});
export const ContainerFilesSearch = z.object({ path: text });
