import { z } from 'zod';
import { logLevels, serverKinds, statusWords } from '@switchboard/core/servers/schema';

/** What the addresses of the servers' pages may carry; a value that makes no sense is ignored. */
export const ServersSearch = z.object({
  q: z.string().optional().catch(undefined),
  state: z
    .enum(['problems', ...statusWords])
    .optional()
    .catch(undefined),
  kind: z.enum(serverKinds).optional().catch(undefined),
  sort: z.enum(['name', 'state', 'kind', 'tools', 'calls', 'activity']).optional().catch(undefined),
  order: z.enum(['asc', 'desc']).optional().catch(undefined),
});
export type ServersSearch = z.infer<typeof ServersSearch>;

export const AddServerSearch = z.object({
  from: z.enum(['form', 'config']).optional().catch(undefined),
  /** Begins with a container of this image. */
  image: z.string().optional().catch(undefined),
});

export const ItemsSearch = z.object({
  q: z.string().optional().catch(undefined),
  item: z.string().optional().catch(undefined),
});

export const LogsSearch = z.object({
  q: z.string().optional().catch(undefined),
  level: z.enum(logLevels).optional().catch(undefined),
});
