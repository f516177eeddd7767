import { world } from '../kit/example-world.ts';
import { answer } from './examples.ts';

/** The examples for figures over time and their neighbours. */

const throughput = {
  requestsPerMinute: 85,
  requestsPerSecond: 1.417,
  toolCallsPerMinute: 80,
  errorsPerMinute: 0.3,
  toolErrorsPerMinute: 1,
  errorRate: 0.003,
  avgResponseTime: 245,
  tokensPerMinute: 1_200,
};

const server = {
  id: world.serverId,
  name: '文件系统服务器',
  status: 'running',
  healthy: true,
  asleep: false,
  error: null,
  uptime: 3_600_000,
  lastActivity: world.now,
  toolCount: 11,
  requests: 120,
  errors: 1,
  toolErrors: 2,
  avgResponseTime: 245,
};

const health = {
  status: 'healthy',
  database: { responseTime: 0.8, bytes: 41_943_040 },
  jobs: { healthy: true },
  servers: { total: 1, healthy: 1 },
  engines: [{ name: 'local', healthy: true }],
  disk: { freeBytes: 64_424_509_440, totalBytes: 107_374_182_400, healthy: true },
};

const top = [
  {
    id: `${world.serverId}/${world.tool}`,
    requests: 120,
    errors: 1,
    toolErrors: 2,
    avgResponseTime: 245,
    p95ResponseTime: 610,
  },
];

export const metrics = {
  metrics: answer({
    timeRange: '1h',
    granularity: '5m',
    from: '2024-01-01T11:00:00.000Z',
    to: world.now,
    metrics: {
      cpu: {
        unit: 'percent',
        data: [{ timestamp: '2024-01-01T11:55:00.000Z', value: 12.5, min: 3.1, max: 40.2 }],
        summary: { avg: 12.5, min: 3.1, max: 40.2, current: 8.4 },
      },
      requests: {
        unit: 'calls',
        data: [{ timestamp: '2024-01-01T11:55:00.000Z', value: 425 }],
        summary: { total: 425, avg: 425, peak: 425 },
      },
      responseTime: {
        unit: 'ms',
        data: [{ timestamp: '2024-01-01T11:55:00.000Z', avg: 245, p50: 180, p95: 610, p99: 1_200 }],
        summary: { avg: 245, p50: 180, p95: 610, p99: 1_200 },
      },
    },
  }),
  throughput: answer(throughput),
  serversHealth: answer({ servers: [server] }),
  health: answer(health),
  dashboard: answer({ health, servers: [server], throughput, slowest: top, failing: top }),
};
