import { and, eq, getTableColumns, gte, ilike, inArray, lt, or, sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import { tables } from '@switchboard/db';
import { credentialOf, credentialText } from '../access/credential.ts';
import { may } from '../access/require.ts';
import { userIdOf } from '../actor.ts';
import { ownerOfKey, removedLike, revokedLike, userIdOfName } from '../audit/names.ts';
import { isMoment } from '../audit/trail.ts';
import { callHistory, readHistory, type Conditions } from '../audit/window.ts';
import { contains, likePattern } from '../contains.ts';
import type { Ctx } from '../context.ts';
import { DomainError, invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { verb } from '../verb.ts';
import { madeWithKey, madeWithKeys, mayReadOthers, describeError, withCallers } from './callers.ts';
import { ListCalls, type CallEntry, type CallPage, type CallRecord } from './schema.ts';

const { apiKeys, callRecords, users } = tables;
/** A list shows no arguments and results, which may be large. */
const { arguments: _arguments, result: _result, ...listed } = getTableColumns(callRecords);

/** Calls the actor may see, newest first; who calls has asked for the right to look for any. */
export async function readCalls(ctx: Ctx, input: z.output<typeof ListCalls>): Promise<CallPage> {
  await ctx.hub.flushCalls();
  const asked = await askedOf(ctx, input);
  if (asked === null) return { items: [], nextCursor: null, searchedTo: null };
  const conditions = conditionsOf(ctx, input, asked);
  const { rows, end } = await readHistory(ctx.db, callHistory, conditions, input.limit + 1, (query) =>
    ctx.db
      .select(listed)
      .from(query.from)
      .where(query.where)
      .orderBy(...query.order)
      .limit(query.limit),
  );
  const items = await withCallers(
    ctx,
    rows.slice(0, input.limit).map((row) => toRecord(ctx, row)),
  );
  const last = rows.length > input.limit ? items.at(-1) : undefined;
  if (last) return { items, nextCursor: cursorOf(last.startedAt, last.id), searchedTo: null };
  const at = end?.at.getTime() ?? null;
  return { items, nextCursor: end && at !== null ? cursorOf(at, end.id) : null, searchedTo: at };
}

/** Calls the actor may see, newest first. */
export const listCalls = verb({ name: 'call.read', access: 'read', input: ListCalls }, readCalls);

function cursorOf(startedAt: number, id: string): string {
  return `${startedAt}_${id}`;
}

/** The filters of a query for calls, resolved; null where the actor may see no matching call. */
interface ResolvedFilters {
  userId: string | null;
  /** Which key, as its credential says it; absent where nobody knows whose it was. */
  credential: SQL | undefined;
}

async function askedOf(ctx: Ctx, input: z.output<typeof ListCalls>): Promise<ResolvedFilters | null> {
  const user = input.user === undefined ? null : await userIdOfName(ctx, input.user);
  if (user !== null && !mayReadOthers(ctx) && user !== userIdOf(ctx.actor)) return null;
  if (input.key === undefined) return { userId: user, credential: undefined };
  const owner = await ownerOfKey(ctx, input.key);
  if (owner !== null && user !== null && owner !== user) return null;
  return { userId: owner ?? user, credential: madeWithKey(input.key, owner) };
}

/** An index finds the calls of one caller or one server; with both, each call of the caller is checked. */
function conditionsOf(ctx: Ctx, input: z.output<typeof ListCalls>, asked: ResolvedFilters): Conditions {
  const { owner, rest } = visible(ctx);
  const caller = owner ?? (asked.userId === null ? undefined : eq(callRecords.userId, asked.userId));
  const server = input.serverId === undefined ? undefined : eq(callRecords.serverId, input.serverId);
  return {
    indexed: [
      caller ?? server,
      input.since && gte(callRecords.startedAt, input.since),
      input.until && lt(callRecords.startedAt, input.until),
      input.cursor === undefined ? undefined : before(input.cursor),
    ],
    looked: [
      rest,
      caller && server,
      asked.credential,
      input.tool === undefined ? undefined : eq(callRecords.name, input.tool),
      input.requestId === undefined ? undefined : eq(callRecords.requestId, input.requestId),
      input.traceId === undefined ? undefined : eq(callRecords.traceId, input.traceId),
      input.outcome === undefined ? undefined : inArray(callRecords.outcome, input.outcome),
      or(contains(input.search, searched), byNames(ctx, input.search)),
    ],
  };
}

/** Calls by people and keys whose names hold the text, of those that are gone too. */
function byNames(ctx: Ctx, text: string | undefined): SQL | undefined {
  const word = text?.trim() ?? '';
  if (word === '') return undefined;
  const pattern = likePattern(word);
  const people = ctx.db.select({ id: users.id }).from(users).where(ilike(users.username, pattern));
  const keys = ctx.db.select({ id: apiKeys.id }).from(apiKeys).where(ilike(apiKeys.name, pattern));
  return or(
    inArray(callRecords.userId, people),
    inArray(callRecords.userId, removedLike(ctx, pattern)),
    madeWithKeys(keys, revokedLike(ctx, pattern)),
  );
}

export const getCall = verb(
  { name: 'call.read', access: 'read', input: z.object({ id: z.string().min(1) }) },
  async (ctx, input): Promise<CallEntry> => {
    await ctx.hub.flushCalls();
    const { owner, rest } = visible(ctx);
    const [row] = await ctx.db
      .select()
      .from(callRecords)
      .where(and(owner, rest, eq(callRecords.id, input.id)));
    if (!row) throw absentCall(input.id);
    const [call] = await withCallers(ctx, [toWholeRecord(ctx, row)]);
    if (!call) throw absentCall(input.id);
    return call;
  },
);

function absentCall(id: string): DomainError {
  return new DomainError('not_found', say('noCall', { id }), { value: id });
}

/** Everything for who may read any call, else one's own, and for a confined key those made with it. */
export function visible(ctx: Ctx): { owner?: SQL; rest?: SQL } {
  if (mayReadOthers(ctx)) return {};
  const userId = userIdOf(ctx.actor);
  const owner = eq(callRecords.userId, userId ?? '');
  if (may(ctx, 'call.read', { type: 'call', userId, keyId: null })) return { owner };
  return { owner, rest: eq(callRecords.credential, credentialText(credentialOf(ctx.actor))) };
}

const searched = [callRecords.name, callRecords.serverId, callRecords.clientName, callRecords.errorMessage];

function before(cursor: string): SQL {
  const at = cursor.indexOf('_');
  const time = new Date(Number(cursor.slice(0, at)));
  if (!isMoment(cursor.slice(0, at))) throw invalidField('cursor', say('notACursor'));
  return sql`(${callRecords.startedAt}, ${callRecords.id}) < (${time.toISOString()}::timestamptz, ${cursor.slice(at + 1)})`;
}

function toRecord(ctx: Ctx, row: Omit<typeof callRecords.$inferSelect, 'arguments' | 'result'>): CallRecord {
  const { userId: _userId, hidden: _hidden, startedAt, ...rest } = row;
  return { ...rest, ...describeError(ctx, row), startedAt: startedAt.getTime() };
}

/** With arguments and result where they were kept. */
function toWholeRecord(ctx: Ctx, row: typeof callRecords.$inferSelect): CallRecord {
  const { arguments: given, result, ...rest } = row;
  return { ...toRecord(ctx, rest), ...(given !== null && { arguments: given }), ...(result !== null && { result }) };
}
