import { z } from 'zod';
import type { Phase } from '@switchboard/mcp-runtime/types';
import type { CallEntry } from '../calls/schema.ts';
import type { ServerCalls } from '../servers/schema.ts';
import type { ServerState } from '../servers/state.ts';

export { isTryingAgain, serverStateOf, serverStates, describePhase, type ServerState } from '../servers/state.ts';

/** The metrics that are recorded over time. */
export const MetricName = z.enum([
  'cpu',
  'memory',
  'requests',
  'toolCalls',
  'errors',
  'toolErrors',
  'errorRate',
  'responseTime',
  'tokens',
  'sessions',
  'instances',
]);
export type MetricName = z.infer<typeof MetricName>;

export const timeRanges = ['1h', '24h', '7d', '30d'] as const;
export const granularities = ['1m', '5m', '1h', '1d'] as const;
export type Granularity = (typeof granularities)[number];

/** The filters of figures. */
export const MetricFilters = z.object({
  server: z.string().max(256).optional(),
  /** `server/tool`, `server__tool`, or with `server` its name. */
  tool: z.string().max(512).optional(),
  group: z.string().max(256).optional(),
  /** Id of an API key. */
  key: z.string().max(256).optional(),
  /** Id or name. */
  user: z.string().max(256).optional(),
  /** Id or name. */
  model: z.string().max(256).optional(),
});
export type MetricFilters = z.infer<typeof MetricFilters>;

export const ReadMetrics = MetricFilters.extend({
  /** Until now. */
  timeRange: z.enum(timeRanges).default('1h'),
  /** In its place: from here to there. */
  from: z.date().optional(),
  to: z.date().optional(),
  /** Absent: as suits the time. Coarser where there would be too many points, or buckets so old are not kept. */
  granularity: z.enum(granularities).optional(),
  /** Absent: all that the actor may read and that are counted so. */
  metrics: z.array(MetricName).max(32).optional(),
});

/** One bucket of a metric. Of what is counted `value` is the sum, of what is measured and of rates the average. */
export interface MetricPoint {
  /** Epoch milliseconds where the bucket begins. */
  at: number;
  value: number;
  min?: number;
  max?: number;
  /** Of responseTime: milliseconds, as `value`, which is the average. */
  p50?: number;
  p95?: number;
  p99?: number;
}

/** The figures over all points. */
export interface MetricSummary {
  total?: number;
  avg: number | null;
  peak?: number;
  min?: number;
  max?: number;
  p50?: number;
  p95?: number;
  p99?: number;
  /** The latest value of what is measured. */
  current?: number;
}

export interface MetricSeries {
  /** Buckets in which something was counted or measured, in order. */
  points: MetricPoint[];
  /** Null where nothing is known. */
  summary: MetricSummary | null;
}

/** Figures over time. */
export interface Metrics {
  /** Epoch milliseconds. */
  from: number;
  to: number;
  /** As it was used. */
  granularity: Granularity;
  metrics: Partial<Record<MetricName, MetricSeries>>;
}

export const topKinds = ['server', 'tool', 'user', 'model'] as const;

export const ReadTop = z.object({
  by: z.enum(topKinds),
  timeRange: z.enum(timeRanges).default('1h'),
  from: z.date().optional(),
  to: z.date().optional(),
  limit: z.int().min(1).max(50).default(10),
});

/** The figures of one server, tool, person or model. */
export interface TopEntry {
  /** Id; of a tool `server/tool`. */
  value: string;
  /** The name, where the id was generated. */
  name: string | null;
  requests: number;
  errors: number;
  toolErrors: number;
  errorRate: number | null;
  avgMs: number | null;
  p95Ms: number | null;
  tokens: number;
}

/** The first of each order. */
export interface Top {
  slowest: TopEntry[];
  failing: TopEntry[];
  busiest: TopEntry[];
}

/** Calls of servers in the last 24 hours. */
export interface Trends {
  /** By id; of servers without calls nothing. Each has a number for every hour, the running one last. */
  servers: Record<string, { calls: number[]; failed: number[] }>;
}

/** Servers by their one state; the states add up to the total. */
export type ServerCounts = Record<ServerState, number> & { total: number };

/** The counts of calls, each over the window of its section. Rates are 0 to 1. */
export interface CallFigures {
  /** Calls that ended in the last five minutes. */
  recent: {
    count: number;
    /** `count` divided by five, however many of the minutes had calls. */
    perMinute: number;
    /** Null where nothing was called, like the percentiles. */
    avgMs: number | null;
    p50Ms: number | null;
    p95Ms: number | null;
  };
  /** Calls that ended in the last hour. */
  hour: {
    count: number;
    /** Calls that failed: errors and timeouts. */
    errors: number;
    /** Calls that arrived, and that the tool itself answered with an error. */
    toolErrors: number;
    errorRate: number;
    toolErrorRate: number;
  };
}

/** The hub's state as plain numbers. */
export interface SystemStatus {
  system: { uptimeSeconds: number; version: string; nodeVersion: string };
  servers: ServerCounts;
  calls: CallFigures;
}

export interface Statistics {
  servers: ServerCounts;
  tools: { total: number };
  uptimeSeconds: number;
}

export interface HealthEntry {
  status: Phase;
  healthy: boolean;
  asleep: boolean;
  toolCount: number;
  error: string | null;
  uptimeSeconds: number | null;
  lastActivityAt: number | null;
}

export interface Health {
  healthy: boolean;
  details: Record<string, HealthEntry>;
}

/** A server that should run, with its calls of the last hour. */
export interface ServerHealth extends HealthEntry {
  id: string;
  name: string;
  calls: ServerCalls;
}

/** How the hub itself does. */
export interface HubHealth {
  /** True where none of the parts below has a problem. */
  healthy: boolean;
  /** `bytes`: what it holds on its disk; null for who may not read the hub's metrics. */
  database: { answeredMs: number; bytes: number | null };
  jobs: { healthy: boolean };
  /** That should run, and that the actor sees. */
  servers: { total: number; healthy: number };
  /** That the actor sees. */
  engines: { name: string; healthy: boolean }[];
  /** With the hub's data; null where that is not known, and for who may not read the hub's metrics. */
  disk: { freeBytes: number; totalBytes: number; healthy: boolean } | null;
}

/** The figures of the first page; for a caller without the right to the hub's metrics, of the servers that it sees. */
export interface Overview {
  version: string;
  uptimeSeconds: number;
  servers: ServerCounts;
  tools: number;
  /** MCP sessions of everybody; null for who may not read the hub's metrics. */
  sessions: number | null;
  instances: number;
  calls: CallFigures;
  recentCalls: CallEntry[];
}
