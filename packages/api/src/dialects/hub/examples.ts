import { world } from '../kit/example-world.ts';
import { toPagination } from './map.ts';
import type { HubLog, HubServer, HubSystemStatus } from './wire.ts';

/** Answers of servers, logs and monitoring, as the document shows them. */

/** Puts the data of an endpoint into the documented envelope. */
export function answer(data: unknown) {
  return { success: true, data, message: '操作成功', timestamp: world.now };
}

export function onePage(items: readonly unknown[]) {
  return answer({ items, pagination: toPagination(1, 20, items.length) });
}

const server: HubServer = {
  id: world.serverId,
  name: '文件系统服务器',
  status: 'running',
  enabled: true,
  type: 'stdio',
  command: 'npx',
  args: ['-y', '@modelcontextprotocol/server-filesystem', '/data'],
  env: { NODE_ENV: 'production' },
  cwd: '/app',
  url: null,
  headers: {},
  description: '',
  tags: ['production'],
  pid: 12_345,
  uptime: 3_600_000,
  lastRestart: '2024-01-01T11:00:00.000Z',
  error: null,
  createdAt: world.before,
  updatedAt: world.now,
};

const stopped: HubServer = { ...server, status: 'stopped', pid: null, uptime: null, lastRestart: null };

const created: HubServer = {
  ...stopped,
  id: 'server-2',
  name: '新服务器',
  command: 'python',
  args: ['-m', 'mcp_server'],
  env: { API_KEY: '***', LOG_LEVEL: 'INFO' },
  cwd: '/app/python-server',
  description: 'Python MCP 服务器',
  tags: ['python', 'production'],
  createdAt: world.now,
  updatedAt: world.now,
};

export const servers = {
  list: onePage([server]),
  one: answer(server),
  created: answer(created),
  changed: answer({ ...server, description: 'Files below /data' }),
  stopped: answer(stopped),
  starting: answer({ ...stopped, status: 'starting' }),
  removed: answer({ id: world.serverId }),
};

const line: HubLog = {
  id: `${world.serverId}:42`,
  timestamp: world.now,
  level: 'info',
  message: 'Secure MCP Filesystem Server running on stdio',
  source: 'stderr',
  metadata: { serverId: world.serverId, instance: null },
};

export const logs = {
  page: answer({
    logs: [line],
    pagination: { limit: 100, total: 1, hasMore: false, nextCursor: null, newerCursor: 'after-42' },
  }),
  stream: `event: log\nid: 42\ndata: ${JSON.stringify(line)}\n\n`,
};

const record = {
  id: `server:${world.serverId}:42`,
  timestamp: world.now,
  level: 'error',
  message: 'ENOENT: no such file or directory',
  source: 'server',
  server: world.serverId,
  requestId: null,
  traceId: null,
  metadata: { stream: 'stderr', instance: null },
};

export const logStream = {
  page: answer({
    logs: [record],
    pagination: { limit: 100, total: 1, hasMore: false, nextCursor: null, searchedTo: null },
  }),
  stream: `event: log\nid: ${record.id}\ndata: ${JSON.stringify(record)}\n\n`,
};

const status: HubSystemStatus = {
  system: { uptime: 86_400, version: '1.0.0', nodeVersion: '24.0.0' },
  servers: {
    total: 12,
    running: 10,
    starting: 0,
    stopping: 0,
    stopped: 1,
    error: 1,
    states: {
      running: 9,
      asleep: 1,
      starting: 0,
      stopping: 0,
      stopped: 1,
      failing: 1,
      needsSignIn: 0,
      disabled: 0,
    },
  },
  performance: {
    requestsPerMinute: 85,
    avgResponseTime: '245ms',
    errorRate: '0.3%',
    toolErrorRate: '1.2%',
    medianResponseTime: '180ms',
    p95ResponseTime: '610ms',
  },
  calls: { lastFiveMinutes: 425, lastHour: 5_010, failedLastHour: 15, toolErrorsLastHour: 60 },
};

export const monitoring = { status: answer(status) };
