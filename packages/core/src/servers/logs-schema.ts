import { z } from 'zod';
import type { LogLine } from '@switchboard/mcp-runtime/types';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;

export const ListLogs = z.object({
  id: z.string().min(1).max(256),
  /** Least severity. */
  level: z.enum(logLevels).optional(),
  limit: z.int().min(1).max(1_000).default(100),
  since: z.date().optional(),
  until: z.date().optional(),
  search: z.string().max(256).optional(),
  /** Only lines after this one, the first ones. */
  afterSeq: z.int().min(0).optional(),
  /** Only lines before this one, the last ones. */
  beforeSeq: z.int().min(0).optional(),
});

export interface LogPage {
  lines: LogLine[];
  total: number;
  /** More lines in the direction of reading: after the page where `afterSeq` was given, else before it. */
  hasMore: boolean;
}
