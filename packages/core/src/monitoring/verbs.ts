import { z } from 'zod';
import type { ServerStatus } from '@switchboard/mcp-runtime/types';
import { may } from '../access/require.ts';
import { listCalls } from '../calls/queries.ts';
import type { Ctx } from '../context.ts';
import { isOffered } from '../selected.ts';
import { loadServers, serverResource } from '../servers/queries.ts';
import type { ServerRow } from '../servers/rows.ts';
import { serverStateOf, serverStates, type ServerState } from '../servers/state.ts';
import { statusOf } from '../servers/view.ts';
import { verb } from '../verb.ts';
import type { CallFigures, Health, HealthEntry, Overview, ServerCounts, Statistics, SystemStatus } from './schema.ts';

const Nothing = z.object({});

interface VisibleServer {
  row: ServerRow;
  status: ServerStatus;
}

async function seenServers(ctx: Ctx): Promise<VisibleServer[]> {
  const rows = await loadServers(ctx.db);
  return rows
    .filter((row) => may(ctx, 'server.read', serverResource(row)))
    .map((row) => ({ row, status: statusOf(ctx, row) }));
}

function countServers(seen: readonly VisibleServer[]): ServerCounts {
  const counts = Object.fromEntries(serverStates.map((state) => [state, 0])) as Record<ServerState, number>;
  for (const { row, status } of seen) counts[serverStateOf(row.desired, status)] += 1;
  return { total: seen.length, ...counts };
}

/** The figures of calls: of the whole hub for readers of its metrics, of the visible servers for others. */
function figuresOf(ctx: Ctx, seen: readonly VisibleServer[]): CallFigures {
  return ctx.hub.stats.figures(may(ctx, 'metrics.read') ? undefined : new Set(seen.map(({ row }) => row.id)));
}

/** The open sessions and instances: of the whole hub, else the instances of the servers that the caller sees. */
function openNow(ctx: Ctx, seen: readonly VisibleServer[]): Pick<Overview, 'sessions' | 'instances'> {
  if (!may(ctx, 'metrics.read')) {
    return { sessions: null, instances: seen.reduce((sum, { status }) => sum + status.instances, 0) };
  }
  const { sessions, instances } = ctx.hub.runtime.metrics();
  return { sessions, instances };
}

function uptimeSeconds(ctx: Ctx): number {
  return Math.max(0, Math.floor((ctx.clock.now() - ctx.policy.startedAt) / 1_000));
}

/** Tools that clients are offered: of servers that are on, without those switched off. */
function countTools(ctx: Ctx, seen: readonly VisibleServer[]): number {
  let tools = 0;
  for (const { row } of seen) {
    if (row.desired !== 'on') continue;
    const switches = ctx.hub.switches(row.id);
    const listed = ctx.hub.runtime.catalog(row.id)?.tools ?? [];
    tools += listed.filter(({ name }) => typeof name === 'string' && isOffered(switches, 'tool', name)).length;
  }
  return tools;
}

export const systemStatus = verb(
  { name: 'monitoring.read', access: 'read', input: Nothing },
  async (ctx): Promise<SystemStatus> => {
    const seen = await seenServers(ctx);
    const { version, nodeVersion } = ctx.policy;
    return {
      system: { uptimeSeconds: uptimeSeconds(ctx), version, nodeVersion },
      servers: countServers(seen),
      calls: figuresOf(ctx, seen),
    };
  },
);

export const statistics = verb(
  { name: 'monitoring.read', access: 'read', input: Nothing },
  async (ctx): Promise<Statistics> => {
    const seen = await seenServers(ctx);
    return {
      servers: countServers(seen),
      tools: { total: countTools(ctx, seen) },
      uptimeSeconds: uptimeSeconds(ctx),
    };
  },
);

/** Only servers that are on count; asleep is healthy, and so is a first start on its way. */
export const health = verb(
  { name: 'monitoring.read', access: 'read', input: Nothing },
  async (ctx): Promise<Health> => {
    const seen = (await seenServers(ctx)).filter(({ row }) => row.desired === 'on');
    const details: Record<string, HealthEntry> = {};
    for (const { row, status } of seen) details[row.id] = toHealth(ctx, status);
    return { healthy: Object.values(details).every((entry) => entry.healthy), details };
  },
);

function toHealth(ctx: Ctx, status: ServerStatus): HealthEntry {
  return {
    status: status.phase,
    healthy: isHealthy(status),
    asleep: status.asleep,
    toolCount: status.toolCount,
    error: isHealthy(status) ? null : (status.error ?? status.message),
    uptimeSeconds: status.startedAt === null ? null : Math.floor((ctx.clock.now() - status.startedAt) / 1_000),
    lastActivityAt: status.lastActivityAt,
  };
}

function isHealthy(status: ServerStatus): boolean {
  if (status.needsSignIn || status.health === 'unhealthy') return false;
  switch (status.phase) {
    case 'running':
      return true;
    case 'starting':
      return status.failures === 0;
    case 'stopped':
      return status.asleep || status.error === null;
    case 'stopping':
      return true;
    case 'error':
      return false;
  }
}

const recentCallCount = 10;

export const overview = verb(
  { name: 'monitoring.read', access: 'read', input: Nothing },
  async (ctx): Promise<Overview> => {
    const seen = await seenServers(ctx);
    return {
      version: ctx.policy.version,
      uptimeSeconds: uptimeSeconds(ctx),
      servers: countServers(seen),
      tools: countTools(ctx, seen),
      ...openNow(ctx, seen),
      calls: figuresOf(ctx, seen),
      recentCalls: may(ctx, 'call.read') ? (await listCalls(ctx, { limit: recentCallCount })).items : [],
    };
  },
);
