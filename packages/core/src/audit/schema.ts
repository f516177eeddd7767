import { z } from 'zod';
import type { Reason } from '@switchboard/mcp-runtime/types';

/** Days that history is kept. */
export const Retention = z.object({
  callsDays: z.int().min(1).max(3_650).default(30),
  auditDays: z.int().min(1).max(3_650).default(365),
});
export type Retention = z.infer<typeof Retention>;

export const SetRetention = z.object({
  callsDays: z.int().min(1).max(3_650).optional(),
  auditDays: z.int().min(1).max(3_650).optional(),
});

export const auditKinds = ['change', 'call'] as const;
/** `begun`: work that outlives its request started; another entry with the same `details.run` has its end. */
export const auditOutcomes = ['ok', 'refused', 'begun', 'tool_error', 'error', 'cancelled', 'timeout'] as const;

export const AuditFilter = z.object({
  /** Changes, calls, or both where absent. */
  kind: z.enum(auditKinds).optional(),
  /** Exact words such as `group.create`, or families such as `group.*`; a call's is its MCP method. */
  action: z.array(z.string().max(128)).max(32).optional(),
  /** Id or name of a user. */
  user: z.string().max(256).optional(),
  /** Id of an API key. */
  key: z.string().max(256).optional(),
  /** The object that was changed or called: an id, a server. */
  target: z.string().max(256).optional(),
  outcome: z.array(z.enum(auditOutcomes)).optional(),
  address: z.string().max(64).optional(),
  requestId: z.string().max(128).optional(),
  traceId: z.string().max(64).optional(),
  /** Part of an action, target, name, address, client or error. */
  search: z.string().max(256).optional(),
  since: z.date().optional(),
  until: z.date().optional(),
});
export type AuditFilter = z.infer<typeof AuditFilter>;

export const ListAudit = AuditFilter.extend({
  limit: z.int().min(1).max(500).default(50),
  /** `nextCursor` of the page before. */
  cursor: z.string().max(256).optional(),
});
export type ListAudit = z.infer<typeof ListAudit>;

/** One entry: `42` is a change, what is no number a call. */
export const GetAudit = z.object({ id: z.string().min(1).max(128) });

export const exportFormats = ['csv', 'jsonl'] as const;
export const ExportAudit = AuditFilter.extend({ format: z.enum(exportFormats).default('jsonl') });

/** One line of the trail: a change or a call. */
export interface AuditEntry {
  id: string;
  kind: (typeof auditKinds)[number];
  at: Date;
  /** `group.create`, or the MCP method of a call. */
  action: string;
  actorType: string;
  userId: string | null;
  /** The user's name, at that time where it is known. */
  userName: string | null;
  /** Id of the API key that was used. */
  keyId: string | null;
  /** The present or last name of the key. */
  keyName: string | null;
  /** Program or browser that asked. */
  client: string | null;
  /** The way in: rest, trpc, mcp, playground; for work of the hub itself the job, as mcp-config. */
  way: string | null;
  /** The object that was changed; for a call the server. */
  target: string | null;
  /** The name of the target, where its id was generated. */
  targetName: string | null;
  /** Tool, prompt or resource of a call. */
  name: string | null;
  outcome: (typeof auditOutcomes)[number];
  error: string | null;
  /** The same as a code, where the hub has one. */
  errorReason: Reason | null;
  durationMs: number | null;
  address: string | null;
  requestId: string | null;
  traceId: string | null;
  /** Of a change: what was different. Of a call: endpoint, and arguments and result where the server's are kept. */
  details: unknown;
}

export interface AuditPage {
  items: AuditEntry[];
  /** The cursor of the next page, or of a search that has not read everything yet. */
  nextCursor: string | null;
  /** A search that reads each entry stops after 50,000 of each kind: `items` are the matches since then. */
  searchedTo: Date | null;
}

export interface AuditExport {
  contentType: string;
  fileName: string;
  /** Read while it is written: bounded memory whatever its length. */
  chunks: AsyncIterable<string>;
}
