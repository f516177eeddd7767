import { z } from 'zod';

/** The worst first. */
export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * `hub`: the hub's own log. `server`: what servers write, and what the hub says of them. `audit`: what people and the hub
 * changed, and what was refused. `calls`: calls that failed.
 */
export const logSources = ['audit', 'calls', 'server', 'hub'] as const;
export type LogSource = (typeof logSources)[number];

/** The outcomes of calls that the log shows. */
export const failedOutcomes = ['tool_error', 'error', 'timeout'] as const;

/** One record of the log, whatever it came from. */
export interface LogRecord {
  id: string;
  /** ISO, UTC. */
  timestamp: string;
  level: LogLevel;
  message: string;
  source: LogSource;
  /** Id of the server it is about. */
  server: string | null;
  /** The request it belongs to, as `X-Request-Id` of its answer says it. */
  requestId: string | null;
  /** The trace it belongs to, where there is one. */
  traceId: string | null;
  metadata: Readonly<Record<string, unknown>>;
}

export const LogFilter = z.object({
  /** Least severity. */
  level: z.enum(logLevels).optional(),
  source: z.array(z.enum(logSources)).max(logSources.length).optional(),
  /** Id of a server. */
  server: z.string().max(256).optional(),
  /** Records of this request, and what the servers it called wrote meanwhile. */
  requestId: z.string().max(128).optional(),
  /** Records of this trace, and what the servers it called wrote meanwhile. */
  traceId: z.string().max(64).optional(),
  /** Part of a message, in any case. */
  search: z.string().max(256).optional(),
  since: z.date().optional(),
  until: z.date().optional(),
});
export type LogFilter = z.infer<typeof LogFilter>;

export const ListLog = LogFilter.extend({
  limit: z.int().min(1).max(1_000).default(100),
  /** `nextCursor` of the page before. */
  cursor: z.string().max(512).optional(),
});
export type ListLog = z.infer<typeof ListLog>;

export interface LogPage {
  /** Newest first. */
  items: LogRecord[];
  /** Records from here on that match, as far as they were looked for: more where there is a next page. */
  total: number;
  /** The cursor of the next page, or of a search that has not read everything yet. */
  nextCursor: string | null;
  /** A search in the history reads a bounded part at once: `items` are the matches since then. */
  searchedTo: Date | null;
}
