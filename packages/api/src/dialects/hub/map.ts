import type { z } from 'zod';
import { describePhase, type SystemStatus } from '@switchboard/core/monitoring/schema';
import {
  hasField,
  type CreateServer,
  type ListServers,
  type LogPage,
  type Server,
  type ServerPatch,
  type StatusWord,
} from '@switchboard/core/servers/schema';
import type { LogLine } from '@switchboard/mcp-runtime/types';
import { toPhaseCounts, toStateCounts } from '../kit/server-counts.ts';
import type {
  HubCreateServer,
  HubListQuery,
  HubLog,
  HubLogPage,
  HubServer,
  HubSystemStatus,
  HubUpdateServer,
} from './wire.ts';

export function iso(value: Date | number): string {
  return new Date(value).toISOString();
}

/** Puts what an endpoint gives into the documented envelope. */
export function ok<Data>(data: Data) {
  return {
    success: true as const,
    data,
    message: '操作成功',
    timestamp: new Date().toISOString(),
  };
}

export function toHubServer(server: Server, now: number): HubServer {
  const { status } = server;
  const runs = status.phase === 'running';
  return {
    id: server.id,
    name: server.name,
    status: describePhase(status),
    enabled: server.desired !== 'disabled',
    type: server.transport,
    command: server.command,
    args: server.args,
    env: server.env,
    cwd: server.cwd,
    url: server.url,
    headers: server.headers,
    description: server.description,
    tags: server.tags,
    pid: runs ? status.pid : null,
    uptime: runs && status.startedAt !== null ? Math.max(0, now - status.startedAt) : null,
    lastRestart: runs && server.lastRestartAt ? iso(server.lastRestartAt) : null,
    error: status.error,
    createdAt: iso(server.createdAt),
    updatedAt: iso(server.updatedAt),
  };
}

export function toPagination(page: number, limit: number, total: number) {
  const pages = Math.ceil(total / limit);
  return { page, limit, total, pages, hasNext: page < pages, hasPrev: page > 1 };
}

const stateWords: Record<HubServer['status'], readonly StatusWord[]> = {
  running: ['running'],
  stopped: ['stopped', 'asleep', 'disabled'],
  error: ['error', 'needs-sign-in'],
  starting: ['starting'],
  stopping: ['stopping'],
};

export function split(value: string): string[] {
  return value.split(',').map((word) => word.trim());
}

/** Words that both filters allow; undefined where neither is given. */
function statusFilter(query: HubListQuery): StatusWord[] | undefined {
  const given = [query.status, query['filter[status]']].filter((words) => words !== undefined);
  if (given.length === 0) return undefined;
  const words = (Object.keys(stateWords) as HubServer['status'][]).filter((word) =>
    given.every((allowed) => allowed.includes(word)),
  );
  return words.flatMap((word) => stateWords[word]);
}

export const hubPageLimit = 100;

/** `only`: ids that the list is confined to besides; null = no others. */
export function fromHubList(query: HubListQuery, only: readonly string[] | null = null): Partial<ListServers> {
  const status = statusFilter(query);
  const asked = query['filter[id]'] === undefined ? null : split(query['filter[id]']);
  const transport = query['filter[type]'] ?? query.type;
  const tags = query['filter[tags]'] ?? query.tags;
  const enabled = query['filter[enabled]'] ?? query.enabled;
  const ids = asked && only ? asked.filter((id) => only.includes(id)) : (asked ?? only);
  return {
    page: query.page,
    limit: Math.min(query.limit, hubPageLimit),
    ...(query.sort !== undefined && { sort: query.sort }),
    ...(query.order !== undefined && { order: query.order }),
    ...(query.search !== undefined && { search: query.search }),
    ...(status !== undefined && { status }),
    ...(transport !== undefined && { transport }),
    ...(tags !== undefined && { tags: split(tags) }),
    ...(enabled !== undefined && { enabled }),
    ...(ids && { ids: [...ids] }),
    ...(query.created_after !== undefined && { createdAfter: query.created_after }),
    ...(query.created_before !== undefined && { createdBefore: query.created_before }),
  };
}

/** Drops keys whose value is undefined: absent and undefined are not the same to the domain. */
export function given<T extends object>(fields: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}

export function fromHubCreate({ enabled = true, type, wait: _wait, ...fields }: HubCreateServer): CreateServer {
  const kind = type ?? (fields.url && !fields.command ? 'streamable-http' : 'stdio');
  return { ...given(fields), kind, desired: enabled ? 'on' : 'disabled' };
}

/** A record sent back as it was read changes nothing: only a changed `enabled` touches the desired state. */
export function fromHubUpdate(
  { serverId: _serverId, enabled, type, ...fields }: HubUpdateServer,
  current: Server,
): ServerPatch {
  const isEnabled = current.desired !== 'disabled';
  return {
    ...given(fields),
    // A container is shown by the way its messages go, which is no wish to take it out of its container.
    ...(type !== undefined && (!hasField(current.kind, 'container') || type !== current.transport) && { kind: type }),
    ...(enabled !== undefined &&
      enabled !== isEnabled && { desired: enabled ? ('on' as const) : ('disabled' as const) }),
  };
}

export function toHubLog(line: LogLine): HubLog {
  return {
    id: `${line.serverId}:${line.seq}`,
    timestamp: iso(line.time),
    level: line.level,
    message: line.message,
    source: line.source,
    metadata: { serverId: line.serverId, instance: line.instance },
  };
}

/** Lines before or after which a page was asked for. */
interface LogPlace {
  beforeSeq?: number;
  afterSeq?: number;
}

/** `place`: where the page was asked for. Cursors of an empty page lead to where it would have been. */
export function toHubLogPage(
  { lines, total, hasMore }: LogPage,
  limit: number,
  { afterSeq, beforeSeq }: LogPlace,
): z.infer<typeof HubLogPage> {
  const newer = lines.at(-1)?.seq ?? afterSeq ?? Math.max(0, (beforeSeq ?? 1) - 1);
  const newerCursor = `after-${newer}`;
  const older = lines[0] && `before-${lines[0].seq}`;
  const next = afterSeq === undefined ? older : newerCursor;
  return {
    logs: lines.map(toHubLog),
    pagination: { limit, total, hasMore, nextCursor: hasMore ? (next ?? null) : null, newerCursor },
  };
}

function inMs(ms: number | null): string {
  return `${Math.round(ms ?? 0)}ms`;
}
function inPercent(rate: number): string {
  return `${Math.round(rate * 1000) / 10}%`;
}

export function toHubSystemStatus({ system, servers, calls: { recent, hour } }: SystemStatus): HubSystemStatus {
  return {
    system: { uptime: Math.floor(system.uptimeSeconds), version: system.version, nodeVersion: system.nodeVersion },
    servers: { ...toPhaseCounts(servers), states: toStateCounts(servers) },
    performance: {
      requestsPerMinute: Math.round(recent.perMinute * 10) / 10,
      avgResponseTime: inMs(recent.avgMs),
      errorRate: inPercent(hour.errorRate),
      toolErrorRate: inPercent(hour.toolErrorRate),
      medianResponseTime: inMs(recent.p50Ms),
      p95ResponseTime: inMs(recent.p95Ms),
    },
    calls: {
      lastFiveMinutes: recent.count,
      lastHour: hour.count,
      failedLastHour: hour.errors,
      toolErrorsLastHour: hour.toolErrors,
    },
  };
}
