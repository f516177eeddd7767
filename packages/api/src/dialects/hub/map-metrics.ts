import type {
  HubHealth as Health,
  MetricName,
  MetricPoint,
  Metrics,
  ServerHealth,
  TopEntry,
} from '@switchboard/core/monitoring/schema';
import { iso } from './map.ts';
import { units, type HubMetricPoint, type HubServerHealth } from './wire-metrics.ts';

function toPoint(name: MetricName, { at, value, ...more }: MetricPoint): HubMetricPoint {
  return { timestamp: iso(at), ...(name === 'responseTime' ? { avg: value } : { value }), ...more };
}

export function toHubMetrics<Range>({ from, to, granularity, metrics }: Metrics, timeRange: Range) {
  const named = Object.entries(metrics) as [MetricName, NonNullable<Metrics['metrics'][MetricName]>][];
  return {
    timeRange,
    granularity,
    from: iso(from),
    to: iso(to),
    metrics: Object.fromEntries(
      named.map(([name, { points, summary }]) => [
        name,
        { unit: units[name], data: points.map((point) => toPoint(name, point)), summary },
      ]),
    ),
  };
}

export function toHubThroughput(now: Record<MetricName, number | null>) {
  return {
    requestsPerMinute: now.requests ?? 0,
    requestsPerSecond: (now.requests ?? 0) / 60,
    toolCallsPerMinute: now.toolCalls ?? 0,
    errorsPerMinute: now.errors ?? 0,
    toolErrorsPerMinute: now.toolErrors ?? 0,
    errorRate: now.errorRate,
    avgResponseTime: now.responseTime,
    tokensPerMinute: now.tokens,
  };
}

export function toHubServerHealth({ calls, uptimeSeconds, lastActivityAt, ...server }: ServerHealth): HubServerHealth {
  const { id, name, status, healthy, asleep, error, toolCount } = server;
  return {
    id,
    name,
    status,
    healthy,
    asleep,
    error,
    uptime: uptimeSeconds === null ? null : uptimeSeconds * 1_000,
    lastActivity: lastActivityAt === null ? null : iso(lastActivityAt),
    toolCount,
    requests: calls.count,
    errors: calls.errors,
    toolErrors: calls.toolErrors,
    avgResponseTime: calls.avgMs,
  };
}

export function toHubHealth({ healthy, database, jobs, servers, engines, disk }: Health) {
  return {
    status: healthy ? ('healthy' as const) : ('degraded' as const),
    database: { responseTime: database.answeredMs, bytes: database.bytes },
    jobs,
    servers,
    engines,
    disk,
  };
}

export function toHubTopEntry({ value, requests, errors, toolErrors, avgMs, p95Ms }: TopEntry) {
  return { id: value, requests, errors, toolErrors, avgResponseTime: avgMs, p95ResponseTime: p95Ms };
}
