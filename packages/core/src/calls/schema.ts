import type { CallRecord, JsonObject } from '@switchboard/mcp-runtime/types';
import { z } from 'zod';

export const callOutcomes = ['ok', 'tool_error', 'error', 'cancelled', 'timeout'] as const;
export const callVias = ['rest', 'playground'] as const;

export const CallTool = z.object({
  serverId: z.string().min(1),
  tool: z.string().min(1),
  arguments: z.record(z.string(), z.unknown()).default({}),
  via: z.enum(callVias).default('rest'),
});

export const CallAnyTool = z.object({
  /** `tool`, `server/tool` or `server__tool`. */
  toolName: z.string().min(1),
  arguments: z.record(z.string(), z.unknown()).default({}),
  via: z.enum(callVias).default('rest'),
});

export interface CallOutcome {
  serverId: string;
  tool: string;
  /** The tool's result as it came: content, structuredContent, isError, unknown fields. */
  result: JsonObject;
  durationMs: number;
}

export const ListCalls = z.object({
  serverId: z.string().optional(),
  /** Exact tool or prompt name or resource URI. */
  tool: z.string().optional(),
  outcome: z.array(z.enum(callOutcomes)).optional(),
  search: z.string().max(256).optional(),
  since: z.date().optional(),
  until: z.date().optional(),
  limit: z.int().min(1).max(200).default(50),
  /** `nextCursor` of the page before. */
  cursor: z.string().max(256).optional(),
});

export interface CallPage {
  items: CallRecord[];
  /** Where the next page begins, or where a search goes on that has not looked at everything yet. */
  nextCursor: string | null;
  /** A search that looks at each call stops after 50,000: it found `items` among those since then. Epoch milliseconds. */
  searchedTo: number | null;
}

export type { CallRecord };
