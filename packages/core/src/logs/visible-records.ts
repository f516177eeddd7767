import type { LogLine } from '@switchboard/mcp-runtime/types';
import { holderOf, readCredential } from '../access/credential.ts';
import { may } from '../access/require.ts';
import type { AuditEntry } from '../audit/schema.ts';
import { toChange } from '../audit/trail.ts';
import { describeCall } from '../calls/callers.ts';
import type { CallEntry } from '../calls/schema.ts';
import type { Ctx } from '../context.ts';
import type { Logged } from './contract.ts';
import type { HubLine } from './hub-log.ts';
import type { LogLevel, LogRecord } from './schema.ts';

function textField(fields: Readonly<Record<string, unknown>>, ...names: string[]): string | null {
  for (const name of names) {
    const value = fields[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}

/** A line of the hub's own log as a record. */
export function ofHub(line: HubLine): LogRecord {
  const { id, time, level, message, fields } = line;
  return {
    id: `hub:${id}`,
    timestamp: new Date(time).toISOString(),
    level,
    message,
    source: 'hub',
    server: textField(fields, 'server', 'serverId'),
    requestId: textField(fields, 'requestId'),
    traceId: textField(fields, 'traceId', 'trace_id'),
    metadata: fields,
  };
}

/** A line of a server's log as a record. */
export function ofServer({ serverId, seq, time, level, message, source, instance }: LogLine): LogRecord {
  return {
    id: `server:${serverId}:${seq}`,
    timestamp: new Date(time).toISOString(),
    level,
    message,
    source: 'server',
    server: serverId,
    requestId: null,
    traceId: null,
    metadata: { stream: source, instance },
  };
}

const levelOfOutcome: Readonly<Record<string, LogLevel>> = {
  refused: 'warn',
  tool_error: 'warn',
  error: 'error',
  timeout: 'error',
};

const ofServers = /^(?:server|secret)\./;

/** An entry of the trail as a record. */
export function ofAudit(entry: AuditEntry): LogRecord {
  const { id, at, action, actorType, userName, keyName, client, way, target, targetName, outcome, error } = entry;
  const who = userName ?? (actorType === 'system' ? 'The hub' : 'Nobody');
  const what = [action, targetName ?? target].filter((word) => word !== null).join(' ');
  return {
    id: `audit:${id}`,
    timestamp: at.toISOString(),
    level: levelOfOutcome[outcome] ?? 'info',
    message: `${who}: ${what}: ${outcome}${error === null ? '' : `: ${error}`}`,
    source: 'audit',
    server: ofServers.test(action) ? target : null,
    requestId: entry.requestId,
    traceId: entry.traceId,
    metadata: { entry: id, action, target, outcome, user: userName, key: keyName, client, way, address: entry.address },
  };
}

/** A failed call as a record. */
export function ofCall(call: CallEntry): LogRecord {
  const { id, startedAt, serverId, method, name, outcome, errorMessage } = call;
  const what = [method, name].filter((word) => word !== null).join(' ');
  return {
    id: `calls:${id}`,
    timestamp: new Date(startedAt).toISOString(),
    level: levelOfOutcome[outcome] ?? 'info',
    message: `${what}: ${outcome}${errorMessage === null || errorMessage === '' ? '' : `: ${errorMessage}`}`,
    source: 'calls',
    server: serverId,
    requestId: call.requestId,
    traceId: call.traceId ?? null,
    metadata: {
      call: id,
      method,
      name,
      outcome,
      errorCode: call.errorCode,
      durationMs: call.durationMs,
      endpoint: call.endpoint,
      via: call.via,
      user: call.userName,
      key: call.keyName,
      client: call.clientName,
    },
  };
}

/** Whether the actor may read the log of an existing server. */
function mayReadServer(ctx: Ctx, serverId: string): boolean {
  const server = ctx.hub.resourceOfServer(serverId);
  return server !== null && may(ctx, 'server.logs', server);
}

/** Whether a record may be read in a context, by the rights that are in force now. */
export function mayReadLog(ctx: Ctx, logged: Logged): boolean {
  switch (logged.source) {
    case 'hub':
      return may(ctx, 'log.read');
    case 'server':
      return mayReadServer(ctx, logged.line.serverId);
    case 'audit':
      return may(ctx, 'audit.read', { type: 'audit', userId: logged.row.userId });
    case 'calls': {
      const { userId, keyId } = holderOf(readCredential(logged.call.credential));
      return may(ctx, 'call.read', { type: 'call', userId, keyId });
    }
  }
}

/** A log record as a context may read it; null where it may not. */
export function readLog(ctx: Ctx, logged: Logged): LogRecord | null {
  if (!mayReadLog(ctx, logged)) return null;
  switch (logged.source) {
    case 'hub':
      return ofHub(logged.line);
    case 'server':
      return ofServer(logged.line);
    case 'audit':
      return ofAudit(toChange(logged.row));
    case 'calls':
      return ofCall(describeCall(ctx, logged.call));
  }
}
