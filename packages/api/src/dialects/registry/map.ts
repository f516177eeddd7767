import type { z } from 'zod';
import { isObject } from '@switchboard/basics';
import type { CallOutcome } from '@switchboard/core/calls/schema';
import { isTryingAgain, describePhase, type Health, type Statistics } from '@switchboard/core/monitoring/schema';
import { hasField, type CreateServer, type Item, type Server } from '@switchboard/core/servers/schema';
import { toPhaseCounts } from '../kit/server-counts.ts';
import type { HealthAnswer, RegisterServer, RegistryServer, RegistryToolDetail, ToolResult } from './wire.ts';

function iso(value: number | null): string | null {
  return value === null ? null : new Date(value).toISOString();
}

export function ok<Data>(data: Data) {
  return { success: true as const, data };
}

export function fromRegister(input: RegisterServer): CreateServer {
  const { id, type, command, args, env, url, headers, container, secrets } = input;
  return {
    id,
    name: id,
    kind: type,
    desired: 'on',
    ...(hasField(type, 'command') && command !== undefined && { command }),
    ...(hasField(type, 'url') && url !== undefined && { url }),
    ...(args !== undefined && { args }),
    ...(env !== undefined && { env }),
    ...(headers !== undefined && { headers }),
    ...(container !== undefined && { container }),
    ...(secrets !== undefined && { secrets }),
  };
}

function messageOf(status: Server['status']): string {
  if (status.phase === 'running') return 'Server is running';
  return isTryingAgain(status) ? (status.error ?? status.message) : status.message;
}

function statusOf({ status }: Server) {
  return {
    phase: describePhase(status),
    message: messageOf(status),
  };
}

export function toTool(item: Item): z.infer<typeof RegistryToolDetail> {
  const schema = item.definition['inputSchema'];
  const inputSchema = isObject(schema) ? schema : { type: 'object' };
  return { name: item.name, description: item.description ?? '', inputSchema };
}

export function toRegistryServer(server: Server, tools: readonly Item[]): z.infer<typeof RegistryServer> {
  return {
    id: server.id,
    status: statusOf(server),
    tools: tools.map(toTool),
    lastActivity: iso(server.status.lastActivityAt ?? server.status.startedAt),
  };
}

export function toStatus(server: Server, now: number) {
  const { startedAt, error } = server.status;
  const uptime = startedAt === null ? null : Math.max(0, Math.floor((now - startedAt) / 1000));
  return { serverId: server.id, status: { ...statusOf(server), startedAt: iso(startedAt), uptime, error } };
}

function textOf(content: unknown): string {
  if (!isObject(content)) return '';
  return content['type'] === 'text' && typeof content['text'] === 'string' ? content['text'] : '';
}

/** The documented `content` is one text; the other parts of the result have fields of their own. */
export function toToolResult({ serverId, tool, result, durationMs }: CallOutcome): z.infer<typeof ToolResult> {
  const contents = Array.isArray(result['content']) ? (result['content'] as unknown[]) : [];
  const isError = result['isError'] === true;
  const { structuredContent } = result;
  return ok({
    success: !isError,
    content: contents
      .map(textOf)
      .filter((text) => text !== '')
      .join('\n'),
    contents,
    ...(structuredContent !== undefined && { structuredContent }),
    isError,
    duration: Math.round(durationMs * 100) / 100,
    metadata: { toolType: 'mcp', source: serverId, serverId, toolName: tool },
  });
}

export function toStatistics({ servers, tools, uptimeSeconds }: Statistics) {
  return ok({ servers: toPhaseCounts(servers), tools, uptime: Math.floor(uptimeSeconds) });
}

export function toHealth({ healthy, details }: Health): z.infer<typeof HealthAnswer> {
  const entries = Object.entries(details).map(([id, entry]) => [
    id,
    {
      status: entry.status,
      toolCount: entry.toolCount,
      ...(entry.error !== null && { error: entry.error }),
      healthy: entry.healthy,
      uptime: entry.uptimeSeconds === null ? null : Math.floor(entry.uptimeSeconds),
      lastActivity: iso(entry.lastActivityAt),
    },
  ]);
  return { success: healthy, data: { healthy, details: Object.fromEntries(entries) } };
}
