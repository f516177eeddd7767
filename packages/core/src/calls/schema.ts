import { z } from 'zod';
import { callOutcomes } from '@switchboard/db/words';
import type { CallRecord, JsonObject } from '@switchboard/mcp-runtime/types';

export type { ReasonCode } from '../reasons.ts';
export { callOutcomes };

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
  /** Id or name of a user; a caller without the right to others' calls finds only its own. */
  user: z.string().max(256).optional(),
  /** Id of an API key. */
  key: z.string().max(256).optional(),
  /** Exact id of the request that made it, as a record has it. */
  requestId: z.string().max(256).optional(),
  /** Exact id of the trace that it belongs to, as a record has it. */
  traceId: z.string().max(64).optional(),
  /** Part of a tool, server, client, error, or of the name of a user or key. */
  search: z.string().max(256).optional(),
  since: z.date().optional(),
  until: z.date().optional(),
  limit: z.int().min(1).max(200).default(50),
  /** `nextCursor` of the page before. */
  cursor: z.string().max(256).optional(),
});

/** A call with who made it; of people and keys that are gone the names are known too. */
export interface CallEntry extends CallRecord {
  userId: string | null;
  userName: string | null;
  /** Id of the API key that was used. */
  keyId: string | null;
  keyName: string | null;
}

export interface CallPage {
  items: CallEntry[];
  /** The cursor of the next page, or of a search that has not read everything yet. */
  nextCursor: string | null;
  /** A search that reads each call stops after 50,000: `items` are the matches since then. Epoch milliseconds. */
  searchedTo: number | null;
}

export const ListCallers = z.object({
  /** Part of a name. */
  search: z.string().max(256).optional(),
  /** Ids or names that are given besides, whatever is searched for: those chosen already. */
  chosen: z.array(z.string().max(256)).max(10).default([]),
  limit: z.int().min(1).max(100).default(20),
});

export type ListCallers = z.infer<typeof ListCallers>;

/** A person or key whose calls history may hold. */
export interface Caller {
  id: string;
  name: string;
  /** Whether the account or key is gone. */
  removed: boolean;
}

/** The people and keys whose calls the actor may filter by, with their names. */
export interface Callers {
  people: Caller[];
  keys: (Caller & { userName: string | null })[];
}

export type { CallRecord };
