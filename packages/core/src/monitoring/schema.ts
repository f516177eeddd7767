import type { CallRecord, Phase } from '@switchboard/mcp-runtime/types';

export interface ServerCounts {
  total: number;
  running: number;
  stopped: number;
  error: number;
}

/** Seed 001's system status as plain numbers. */
export interface SystemStatus {
  system: { uptimeSeconds: number; version: string; nodeVersion: string };
  servers: ServerCounts;
  performance: {
    requestsPerMinute: number;
    /** Null where nothing was called lately. */
    avgResponseMs: number | null;
    /** 0 to 1. */
    errorRate: number;
  };
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
  servers: Record<Phase, number> & { total: number; disabled: number; asleep: number; needsSignIn: number };
  tools: number;
  /** MCP sessions of everybody; null for who may not read the hub's metrics. */
  sessions: number | null;
  instances: number;
  callsPerMinute: number;
  p50Ms: number | null;
  errorRate: number;
  recentCalls: CallRecord[];
}
