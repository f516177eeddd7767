import { tables, type Db } from '@switchboard/db';
import type { Span } from '@switchboard/mcp-runtime/types';
import type { Action } from '../access/decide.ts';
import { userIdOf, type Actor } from '../actor.ts';
import type { Logs } from '../logs/contract.ts';
import type { Clock, WayIn } from '../ports.ts';
import { storable } from '../storable.ts';

/** How a change ended, or that it began. */
export type AuditedOutcome = (typeof tables.audit.$inferSelect)['outcome'];

export interface AuditNote {
  /** Id of what changed. */
  id?: string;
  /** Absent: as the whole verb went. */
  outcome?: AuditedOutcome;
  /** More about it; never a secret. */
  details?: unknown;
  /** The user of a request that had no credential yet. */
  by?: { id: string; username: string };
}

const longestText = 512;

function textOrNull(text: string | null): string | null {
  return text === null ? null : storable(text, longestText);
}

/** The context of an audit entry: the connection to write with, and the facts of the request. */
export interface AuditSource {
  db: Db;
  clock: Clock;
  actor: Actor;
  requestId: string;
  trace: Pick<Span, 'traceId'> | null;
  address: string | null;
  client: string | null;
  way: WayIn | null;
}

/** A row of the trail of changes. */
export type AuditRow = typeof tables.audit.$inferSelect;

/**
 * Appends to the trail, in the transaction that `ctx.db` is; after the commit the caller passes the rows to the log.
 */
export async function appendAudit(
  ctx: AuditSource,
  action: Action,
  notes: readonly AuditNote[],
  more: { outcome?: AuditedOutcome; durationMs?: number } = {},
): Promise<AuditRow[]> {
  if (notes.length === 0) return [];
  const { actor } = ctx;
  const common = {
    at: new Date(ctx.clock.now()),
    action,
    actorType: actor.type,
    actorId: actorId(actor),
    durationMs: more.durationMs ?? null,
    address: ctx.address,
    client: textOrNull(ctx.client),
    way: ctx.way,
    requestId: ctx.requestId,
    traceId: ctx.trace?.traceId ?? null,
  };
  return ctx.db
    .insert(tables.audit)
    .values(
      notes.map(({ id, details, by, outcome }) => ({
        ...common,
        outcome: outcome ?? more.outcome ?? 'ok',
        userId: by?.id ?? userIdOf(actor),
        actorName: by?.username ?? nameOf(actor),
        subject: id ?? null,
        details: details ?? null,
      })),
    )
    .returning();
}

/** Appends one entry outside a transaction, and passes it to the log. */
export async function auditNow(
  ctx: AuditSource & { logs: Pick<Logs, 'audited'> },
  action: Action,
  note: AuditNote,
  more: { outcome: AuditedOutcome; durationMs?: number },
): Promise<void> {
  ctx.logs.audited(await appendAudit(ctx, action, [note], more));
}

function actorId(actor: Actor): string | null {
  return 'id' in actor ? actor.id : actor.type === 'system' ? actor.job : null;
}

function nameOf(actor: Actor): string | null {
  return 'username' in actor ? actor.username : null;
}

const idFields = ['id', 'serverId', 'groupId', 'userId', 'stackId', 'toolName', 'name', 'username'] as const;
const longestSubject = 256;

/** The id or name among what a verb was asked with; empty where it names nothing. */
export function subjectOf(input: unknown): string {
  if (typeof input !== 'object' || input === null) return '';
  const values = idFields.map((field): unknown => Reflect.get(input, field));
  const value = values.find((each) => typeof each === 'string');
  return typeof value === 'string' ? storable(value, longestSubject) : '';
}
