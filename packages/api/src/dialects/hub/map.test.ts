import { describe, expect, test } from 'vitest';
import type { Server } from '@switchboard/core/servers/schema';
import { fromHubCreate, fromHubList, fromHubUpdate, toHubServer, toHubSystemStatus, toPagination } from './map.ts';
import { HubCreateServer, HubListQuery, HubServer, HubUpdateServer } from './wire.ts';

const now = Date.parse('2024-01-01T13:00:00Z');

function server(changes: Partial<Server> = {}, status: Partial<Server['status']> = {}): Server {
  return {
    id: 'server-1',
    name: '文件系统服务器',
    description: '',
    tags: [],
    kind: 'stdio',
    transport: 'stdio',
    command: 'npx',
    args: ['-y', '@modelcontextprotocol/server-filesystem', '/data'],
    env: { NODE_ENV: '***' },
    cwd: '/app',
    url: null,
    headers: {},
    desired: 'on',
    createdAt: new Date('2024-01-01T10:00:00Z'),
    updatedAt: new Date('2024-01-01T12:00:00Z'),
    lastRestartAt: new Date('2024-01-01T12:00:00Z'),
    status: { phase: 'running', pid: 12_345, startedAt: Date.parse('2024-01-01T12:00:00Z'), error: null, ...status },
    ...changes,
  } as Server;
}

describe('a server', () => {
  test('looks as documented, uptime in milliseconds', () => {
    const wire = toHubServer(server(), now);
    expect(HubServer.parse(wire)).toEqual(wire);
    expect(wire).toMatchObject({
      id: 'server-1',
      name: '文件系统服务器',
      status: 'running',
      pid: 12_345,
      uptime: 3_600_000,
      lastRestart: '2024-01-01T12:00:00.000Z',
      createdAt: '2024-01-01T10:00:00.000Z',
    });
  });

  test('has no pid, uptime or last restart while it does not run', () => {
    const stopped = toHubServer(server({ desired: 'disabled' }, { phase: 'stopped', pid: null, startedAt: null }), now);
    expect(stopped).toMatchObject({ status: 'stopped', enabled: false, pid: null, uptime: null, lastRestart: null });
  });

  test('sent back as it was read patches no state', () => {
    for (const desired of ['on', 'stopped', 'disabled'] as const) {
      const current = server({ desired });
      const wire = HubUpdateServer.parse({ ...toHubServer(current, now), serverId: current.id });
      const patch = fromHubUpdate(wire, current);
      expect(patch.desired, desired).toBeUndefined();
      expect(patch).toMatchObject({ kind: 'stdio', command: 'npx', args: current.args, env: { NODE_ENV: '***' } });
    }
  });

  test('in a container stays there, shown by the way its messages go', () => {
    const current = server({ kind: 'container', transport: 'streamable-http', command: null, args: [], cwd: null });
    const wire = toHubServer(current, now);
    expect(HubServer.parse(wire)).toMatchObject({ type: 'streamable-http', command: null, url: null });
    function back(change: object) {
      return fromHubUpdate(HubUpdateServer.parse({ ...wire, ...change, serverId: current.id }), current);
    }
    expect(back({})).not.toHaveProperty('kind');
    expect(back({ type: 'stdio', command: 'npx' })).toMatchObject({ kind: 'stdio', command: 'npx' });
  });

  test('only a changed enabled changes what it should be', () => {
    function change(desired: Server['desired'], enabled: boolean) {
      return fromHubUpdate({ serverId: 'server-1', enabled }, server({ desired })).desired;
    }
    expect(change('on', false)).toBe('disabled');
    expect(change('stopped', false)).toBe('disabled');
    expect(change('disabled', true)).toBe('on');
    expect(change('stopped', true)).toBeUndefined();
  });

  test('is made on unless it says otherwise; a url alone makes it remote', () => {
    function create(input: unknown) {
      return fromHubCreate(HubCreateServer.parse(input));
    }
    expect(create({ name: 'a', command: 'x' })).toEqual({ name: 'a', command: 'x', kind: 'stdio', desired: 'on' });
    expect(create({ name: 'a', command: 'x', enabled: false }).desired).toBe('disabled');
    expect(create({ name: 'a', url: 'http://x/mcp' }).kind).toBe('streamable-http');
    expect(create({ name: 'a', url: 'http://x/sse', type: 'sse' }).kind).toBe('sse');
  });
});

describe('a list', () => {
  test('the counts of the documented page', () => {
    expect(toPagination(2, 50, 234)).toEqual({
      page: 2,
      limit: 50,
      total: 234,
      pages: 5,
      hasNext: true,
      hasPrev: true,
    });
    expect(toPagination(1, 20, 0)).toMatchObject({ pages: 0, hasNext: false, hasPrev: false });
  });

  test('two status filters are met together', () => {
    function words(query: Record<string, string>) {
      return fromHubList(HubListQuery.parse(query)).status;
    }
    expect(words({ status: 'stopped' })).toEqual(['stopped', 'asleep', 'disabled']);
    expect(words({ status: 'running', 'filter[status]': 'running,error' })).toEqual(['running']);
    expect(words({ status: 'running', 'filter[status]': 'error' })).toEqual([]);
    expect(words({})).toBeUndefined();
  });
});

test('the system status has its units in text, and each server in one number of each kind', () => {
  const status = toHubSystemStatus({
    system: { uptimeSeconds: 86_400.7, version: '2.1.0', nodeVersion: '18.17.0' },
    servers: {
      total: 17,
      running: 8,
      asleep: 1,
      starting: 1,
      stopping: 1,
      stopped: 1,
      error: 2,
      'needs-sign-in': 1,
      disabled: 2,
    },
    calls: {
      recent: { count: 425, perMinute: 85.04, avgMs: 245.2, p50Ms: 120.4, p95Ms: null },
      hour: { count: 1_000, errors: 3, toolErrors: 25, errorRate: 0.003, toolErrorRate: 0.025 },
    },
  });
  expect(status.system.uptime).toBe(86_400);
  expect(status.servers).toEqual({
    total: 17,
    running: 8,
    stopped: 4,
    error: 3,
    starting: 1,
    stopping: 1,
    states: { running: 8, asleep: 1, starting: 1, stopping: 1, stopped: 1, failing: 2, needsSignIn: 1, disabled: 2 },
  });
  expect(status.performance).toEqual({
    requestsPerMinute: 85,
    avgResponseTime: '245ms',
    errorRate: '0.3%',
    toolErrorRate: '2.5%',
    medianResponseTime: '120ms',
    p95ResponseTime: '0ms',
  });
  expect(status.calls).toEqual({ lastFiveMinutes: 425, lastHour: 1_000, failedLastHour: 3, toolErrorsLastHour: 25 });
});
