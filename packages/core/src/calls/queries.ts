import { tables } from '@switchboard/db';
import { and, eq, getTableColumns, gte, inArray, lt, sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import { may } from '../access/require.ts';
import { isMoment } from '../audit/trail.ts';
import { callHistory, readHistory, type Conditions } from '../audit/window.ts';
import { contains } from '../contains.ts';
import { credentialOf, userIdOf, type Ctx } from '../context.ts';
import { invalidField, notFound } from '../errors.ts';
import { verb } from '../verb.ts';
import { ListCalls, type CallPage, type CallRecord } from './schema.ts';

const { callRecords } = tables;

/** Calls the actor may see, newest first. */
export const listCalls = verb(
  { name: 'call.read', access: 'read', input: ListCalls },
  async (ctx, input): Promise<CallPage> => {
    await ctx.flushCalls();
    const conditions = conditionsOf(ctx, input);
    const { rows, end } = await readHistory(ctx.db, callHistory, conditions, input.limit + 1, (query) =>
      ctx.db
        .select(getTableColumns(callRecords))
        .from(query.from)
        .where(query.where)
        .orderBy(...query.order)
        .limit(query.limit),
    );
    const items = rows.slice(0, input.limit).map(toRecord);
    const last = rows.length > input.limit ? items.at(-1) : undefined;
    if (last) return { items, nextCursor: cursorOf(last.startedAt, last.id), searchedTo: null };
    const at = end?.at.getTime() ?? null;
    return { items, nextCursor: end && at !== null ? cursorOf(at, end.id) : null, searchedTo: at };
  },
);

const cursorOf = (startedAt: number, id: string): string => `${startedAt}_${id}`;

/** An index finds the calls of one caller, or of one server; where both are asked for, each call of the caller is looked at. */
const conditionsOf = (ctx: Ctx, input: z.output<typeof ListCalls>): Conditions => {
  const { owner, rest } = visible(ctx);
  const server = input.serverId === undefined ? undefined : eq(callRecords.serverId, input.serverId);
  return {
    indexed: [
      owner ?? server,
      input.since && gte(callRecords.startedAt, input.since),
      input.until && lt(callRecords.startedAt, input.until),
      input.cursor === undefined ? undefined : before(input.cursor),
    ],
    looked: [
      rest,
      owner && server,
      input.tool === undefined ? undefined : eq(callRecords.name, input.tool),
      input.outcome === undefined ? undefined : inArray(callRecords.outcome, input.outcome),
      contains(input.search, searched),
    ],
  };
};

export const getCall = verb(
  { name: 'call.read', access: 'read', input: z.object({ id: z.string().min(1) }) },
  async (ctx, input): Promise<CallRecord> => {
    await ctx.flushCalls();
    const { owner, rest } = visible(ctx);
    const [row] = await ctx.db
      .select()
      .from(callRecords)
      .where(and(owner, rest, eq(callRecords.id, input.id)));
    if (!row) throw notFound('Call', input.id);
    return toWholeRecord(row);
  },
);

/** Everything for who may read any call, else one's own, and for a confined key those made with it. */
const visible = (ctx: Ctx): { owner?: SQL; rest?: SQL } => {
  if (may(ctx, 'call.read', { type: 'call', userId: null, keyId: null })) return {};
  const userId = userIdOf(ctx.actor);
  const owner = eq(callRecords.userId, userId ?? '');
  if (may(ctx, 'call.read', { type: 'call', userId, keyId: null })) return { owner };
  return { owner, rest: eq(callRecords.credential, credentialOf(ctx.actor).key) };
};

const searched = [callRecords.name, callRecords.serverId, callRecords.clientName, callRecords.errorMessage];

const before = (cursor: string): SQL => {
  const at = cursor.indexOf('_');
  const time = new Date(Number(cursor.slice(0, at)));
  if (!isMoment(cursor.slice(0, at))) throw invalidField('cursor', 'must be the nextCursor of the page before');
  return sql`(${callRecords.startedAt}, ${callRecords.id}) < (${time.toISOString()}::timestamptz, ${cursor.slice(at + 1)})`;
};

const toRecord = (row: typeof callRecords.$inferSelect): CallRecord => {
  const { userId: _userId, arguments: _arguments, result: _result, startedAt, ...rest } = row;
  return { ...rest, startedAt: startedAt.getTime() };
};

/** With arguments and result where they were kept. */
const toWholeRecord = (row: typeof callRecords.$inferSelect): CallRecord => ({
  ...toRecord(row),
  ...(row.arguments !== null && { arguments: row.arguments }),
  ...(row.result !== null && { result: row.result }),
});
