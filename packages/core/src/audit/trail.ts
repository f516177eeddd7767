import { and, eq, getTableColumns, gte, inArray, like, lt, or, sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { tables } from '@switchboard/db';
import { holderOf, readCredential } from '../access/credential.ts';
import { may } from '../access/require.ts';
import { userIdOf } from '../actor.ts';
import { madeWithKey, describeError } from '../calls/callers.ts';
import { contains, likePattern } from '../contains.ts';
import type { Ctx } from '../context.ts';
import { invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { removedLike, userIdOfName, withNames } from './names.ts';
import type { AuditEntry, AuditFilter } from './schema.ts';
import { describeFailure } from './why.ts';
import { callHistory, changeHistory, readHistory, type Conditions } from './window.ts';

const { audit, callRecords, users } = tables;

/** The end of a page: later entries are older, or of the same moment and later in order. */
export interface Position {
  at: Date;
  kind: AuditEntry['kind'];
  id: string;
}

/** Milliseconds of this era, as both histories write them. */
export function isMoment(text: string): boolean {
  return /^\d{1,14}$/.test(text);
}

export function cursorOf({ at, kind, id }: Position): string {
  return `${at.getTime()}_${kind}_${id}`;
}

export function placeOf(cursor: string | undefined): Position | null {
  if (cursor === undefined) return null;
  const [time = '', kind = '', ...id] = cursor.split('_');
  const at = new Date(Number(time));
  const isKind = kind === 'change' || kind === 'call';
  const isPlace = kind === 'call' || /^\d{1,15}$/.test(id.join('_'));
  if (isMoment(time) && isKind && isPlace) return { at, kind, id: id.join('_') };
  throw invalidField('cursor', say('notACursor'));
}

/** A filter with its user looked up, and what the actor may not see left out. */
export interface Question extends AuditFilter {
  /** Only what this user did; null = anybody. */
  userId: string | null;
  /** No entry can match: the user asked for does not exist. */
  empty: boolean;
  /** Only this entry. */
  entry?: string;
}

export async function questionOf(ctx: Ctx, filter: AuditFilter): Promise<Question> {
  const all = may(ctx, 'audit.read', { type: 'audit', userId: null });
  const self = userIdOf(ctx.actor) ?? '';
  const asked = filter.user === undefined ? null : await userIdOfName(ctx, filter.user);
  return { ...filter, userId: all ? asked : self, empty: !all && asked !== null && asked !== self };
}

/** The one entry, where the actor may see it. */
export function questionOfEntry(ctx: Ctx, entry: string): Question {
  const all = may(ctx, 'audit.read', { type: 'audit', userId: null });
  const kind = /^\d{1,15}$/.test(entry) ? 'change' : 'call';
  return { entry, kind, userId: all ? null : (userIdOf(ctx.actor) ?? ''), empty: false };
}

function byWords(words: readonly string[] | undefined, column: PgColumn): SQL | undefined {
  return (
    words &&
    or(
      ...words.map((word) =>
        word.endsWith('*') ? like(column, likePattern(word.slice(0, -1)).slice(1)) : eq(column, word),
      ),
    )
  );
}

function optional(column: PgColumn, value: string | undefined): SQL | undefined {
  return value === undefined ? undefined : eq(column, value);
}

function afterChange(place: Position | null): SQL | undefined {
  if (!place) return undefined;
  const at = place.at.toISOString();
  // Within one moment changes come before calls.
  return place.kind === 'change'
    ? sql`(${audit.at}, ${audit.id}) < (${at}::timestamptz, ${Number(place.id)})`
    : lt(audit.at, place.at);
}

function afterCall(place: Position | null): SQL | undefined {
  if (!place) return undefined;
  const at = place.at.toISOString();
  return place.kind === 'call'
    ? sql`(${callRecords.startedAt}, ${callRecords.id}) < (${at}::timestamptz, ${place.id})`
    : sql`${callRecords.startedAt} <= ${at}::timestamptz`;
}

/** The entries of one of the two histories that match a query. */
export interface Entries {
  entries: AuditEntry[];
  /** The last row that a search has read, where there are more. */
  end?: Position;
}

const nothing: Entries = { entries: [] };

function conditionsOfChanges(question: Question, place: Position | null): Conditions | null {
  const outcomes = question.outcome?.filter((outcome) => outcome !== 'tool_error' && outcome !== 'timeout');
  if (question.kind === 'call' || outcomes?.length === 0) return null;
  const owner = question.userId === null ? undefined : eq(audit.userId, question.userId);
  const target = optional(audit.subject, question.target);
  return {
    // An index finds the changes of one target, or by one user.
    indexed: [
      target ?? owner,
      question.entry === undefined ? undefined : eq(audit.id, Number(question.entry)),
      question.since && gte(audit.at, question.since),
      question.until && lt(audit.at, question.until),
      afterChange(place),
    ],
    looked: [
      target && owner,
      question.key === undefined
        ? undefined
        : and(inArray(audit.actorType, ['key', 'grant']), eq(audit.actorId, question.key)),
      byWords(question.action, audit.action),
      optional(audit.address, question.address),
      optional(audit.requestId, question.requestId),
      optional(audit.traceId, question.traceId),
      outcomes && inArray(audit.outcome, outcomes),
      contains(question.search, [audit.action, audit.subject, audit.actorName, audit.address, audit.client]),
    ],
  };
}

export async function changes(ctx: Ctx, question: Question, place: Position | null, limit: number): Promise<Entries> {
  const conditions = conditionsOfChanges(question, place);
  if (!conditions) return nothing;
  const { rows, end } = await readHistory(ctx.db, changeHistory, conditions, limit, (query) =>
    ctx.db
      .select(getTableColumns(audit))
      .from(query.from)
      .where(query.where)
      .orderBy(...query.order)
      .limit(query.limit),
  );
  return { entries: rows.map(toChange), ...(end && { end: { at: end.at, kind: 'change', id: String(end.id) } }) };
}

/** A row of the trail of changes as an entry of it. */
export function toChange(row: typeof audit.$inferSelect): AuditEntry {
  return {
    id: String(row.id),
    kind: 'change',
    at: row.at,
    action: row.action,
    actorType: row.actorType,
    userId: row.userId,
    userName: row.actorName,
    keyId: row.actorType === 'key' || row.actorType === 'grant' ? row.actorId : null,
    keyName: null,
    client: row.client,
    way: row.way ?? (row.actorType === 'system' ? row.actorId : null),
    target: row.subject,
    targetName: null,
    name: null,
    outcome: row.outcome,
    durationMs: row.durationMs,
    address: row.address,
    requestId: row.requestId,
    traceId: row.traceId,
    ...describeFailure(row),
  };
}

function conditionsOfCalls(ctx: Ctx, question: Question, place: Position | null): Conditions | null {
  const outcomes = question.outcome?.filter((outcome) => outcome !== 'refused' && outcome !== 'begun');
  if (question.kind === 'change' || outcomes?.length === 0) return null;
  const owner = question.userId === null ? undefined : eq(callRecords.userId, question.userId);
  const server = optional(callRecords.serverId, question.target);
  return {
    indexed: [
      owner ?? server,
      optional(callRecords.id, question.entry),
      question.since && gte(callRecords.startedAt, question.since),
      question.until && lt(callRecords.startedAt, question.until),
      afterCall(place),
    ],
    looked: [
      owner && server,
      question.key === undefined ? undefined : madeWithKey(question.key),
      byWords(question.action, callRecords.method),
      optional(callRecords.address, question.address),
      optional(callRecords.requestId, question.requestId),
      optional(callRecords.traceId, question.traceId),
      outcomes && inArray(callRecords.outcome, outcomes),
      or(contains(question.search, searchedOfCalls), byRemoved(ctx, question.search)),
    ],
  };
}

export async function calls(ctx: Ctx, question: Question, place: Position | null, limit: number): Promise<Entries> {
  const conditions = conditionsOfCalls(ctx, question, place);
  if (!conditions) return nothing;
  const columns = { ...getTableColumns(callRecords), username: users.username };
  const { rows, end } = await readHistory(ctx.db, callHistory, conditions, limit, (query) =>
    ctx.db
      .select(columns)
      .from(query.from)
      .leftJoin(users, eq(users.id, callRecords.userId))
      .where(query.where)
      .orderBy(...query.order)
      .limit(query.limit),
  );
  return {
    entries: rows.map((row) => toEntry(ctx, row)),
    ...(end && { end: { at: end.at, kind: 'call', id: end.id } }),
  };
}

/** Changes keep the name of who made them; calls are found by the id of who is gone. */
function byRemoved(ctx: Ctx, text: string | undefined): SQL | undefined {
  return text?.trim() ? inArray(callRecords.userId, removedLike(ctx, likePattern(text.trim()))) : undefined;
}

const searchedOfCalls = [
  callRecords.method,
  callRecords.serverId,
  callRecords.name,
  callRecords.clientName,
  callRecords.address,
  callRecords.errorMessage,
  users.username,
];

function errorOf(ctx: Ctx, call: typeof callRecords.$inferSelect): Pick<AuditEntry, 'error' | 'errorReason'> {
  const { errorMessage, errorReason = null } = describeError(ctx, call);
  return { error: errorMessage, errorReason };
}

function toEntry(ctx: Ctx, call: typeof callRecords.$inferSelect & { username: string | null }): AuditEntry {
  const credential = readCredential(call.credential);
  const { endpoint, via, arguments: args, result, errorCode } = call;
  return {
    id: call.id,
    kind: 'call',
    at: call.startedAt,
    action: call.method,
    actorType: credential.type,
    userId: call.userId,
    userName: call.username,
    keyId: holderOf(credential).keyId,
    keyName: null,
    client: call.clientName,
    way: via,
    target: call.serverId,
    targetName: null,
    name: call.name,
    outcome: call.outcome,
    ...errorOf(ctx, call),
    durationMs: call.durationMs,
    address: call.address,
    requestId: call.requestId,
    traceId: call.traceId,
    details: {
      endpoint,
      via,
      ...(errorCode !== null && { errorCode }),
      ...(args !== null && { arguments: args }),
      ...(result !== null && { result }),
    },
  };
}

/** Order of the trail, newest first; within one moment changes come before calls. */
export function newer(a: Pick<AuditEntry, 'at' | 'kind'>, b: Pick<AuditEntry, 'at' | 'kind'>): number {
  return b.at.getTime() - a.at.getTime() || (a.kind === b.kind ? 0 : a.kind === 'change' ? -1 : 1);
}

/**
 * A section of the trail, newest first: both histories are read in their own order and merged. `end` is set where a
 * search stopped before it had read everything: the entries are those up to it.
 */
export async function readTrail(ctx: Ctx, question: Question, place: Position | null, limit: number): Promise<Entries> {
  if (question.empty) return nothing;
  const found = await Promise.all([changes(ctx, question, place, limit), calls(ctx, question, place, limit)]);
  const [end] = found.flatMap((stretch) => stretch.end ?? []).toSorted(newer);
  const merged = found.flatMap(({ entries }) => entries).toSorted(newer);
  const looked = end ? merged.filter((entry) => newer(entry, end) <= 0) : merged;
  const entries = await withNames(ctx, looked.slice(0, limit));
  return end && looked.length < limit ? { entries, end } : { entries };
}
