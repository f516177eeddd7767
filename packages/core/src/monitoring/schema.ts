import { z } from 'zod';
import type { Phase } from '@switchboard/mcp-runtime/types';
import type { CallEntry } from '../calls/schema.ts';
import type { ServerState } from '../servers/state.ts';

export { isTryingAgain, serverStateOf, serverStates, toldPhase, type ServerState } from '../servers/state.ts';

/** What is measured and counted over time. */
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

/** Servers by their one state; the states add up to the total. */
export type ServerCounts = Record<ServerState, number> & { total: number };

/** What is counted of calls, each figure over the window that it stands in. Rates are 0 to 1. */
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

/** What the first page shows; to who may not read the hub's metrics, of the servers that one sees. */
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
