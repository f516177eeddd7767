import { tables } from '@switchboard/db';
import type { EndpointSelection } from '@switchboard/mcp-runtime/types';
import { and, desc, eq, gte, ilike, inArray, lt, or, sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import { isAtCommonEndpoint } from '../access/common-endpoint.ts';
import { may, requireRight } from '../access/require.ts';
import { isMoment } from '../audit/trail.ts';
import { credentialOf, userIdOf, type Ctx } from '../context.ts';
import { DomainError, invalidField, notFound } from '../errors.ts';
import { isOffered } from '../selected.ts';
import { loadServers, requireUsable, serverResource, type ServerRow } from '../servers/queries.ts';
import { verb } from '../verb.ts';
import { CallAnyTool, CallTool, ListCalls, type CallOutcome, type CallPage, type CallRecord } from './schema.ts';
import { translateRpcError } from './rpc-error.ts';

/** Calls a tool of one server. What the tool itself reports as an error is in the result. */
export const callTool = verb(
  { name: 'server.use', access: 'read', input: CallTool },
  async (ctx, input): Promise<CallOutcome> => {
    const row = await requireUsable(ctx, input.serverId);
    return call(ctx, row, input.tool, input.arguments, input.via);
  },
);

/** Finds the server of a tool by its name (`tool`, `server/tool` or `server__tool`) and calls it. */
export const callAnyTool = verb(
  { name: 'server.use', access: 'read', input: CallAnyTool },
  async (ctx, input): Promise<CallOutcome> => {
    const found = resolveTool(ctx, await loadServers(ctx.db), input.toolName);
    if (!found) throw notFound('Tool', input.toolName);
    return call(ctx, found.row, found.tool, input.arguments, input.via);
  },
);

const call = async (
  ctx: Ctx,
  row: ServerRow,
  tool: string,
  args: Record<string, unknown>,
  via: string,
): Promise<CallOutcome> => {
  requireRight(ctx, 'server.use', serverResource(row));
  const selection = selectionOf(ctx, row);
  const selected = selection.servers[0];
  const offered = (name: unknown) => !selected || (typeof name === 'string' && isOffered(selected, 'tool', name));
  if (!offered(tool) && may(ctx, 'server.configure', serverResource(row))) {
    throw new DomainError('precondition', `Tool '${tool}' of server '${row.id}' is switched off.`, { value: tool });
  }
  const catalog = ctx.runtime.catalog(row.id);
  if (!offered(tool) || (catalog && !catalog.tools.some((item) => item['name'] === tool))) {
    const names = (catalog?.tools ?? [])
      .map((item) => item['name'])
      .filter(offered)
      .slice(0, 20)
      .join(', ');
    throw new DomainError('not_found', `Server '${row.id}' has no tool '${tool}'. It has: ${names || 'none'}.`, {
      value: tool,
    });
  }
  const startedAt = performance.now();
  try {
    const result = await ctx.runtime.call({
      credential: { ...credentialOf(ctx.actor), address: ctx.address },
      selection,
      method: 'tools/call',
      params: { name: tool, arguments: args },
      via,
      clientName: `switchboard-${via}`,
      signal: ctx.signal,
      requestId: ctx.requestId,
    });
    return { serverId: row.id, tool, result, durationMs: performance.now() - startedAt };
  } catch (error) {
    throw translateRpcError(error, row.id);
  }
};

const selectionOf = (ctx: Ctx, row: ServerRow): EndpointSelection => {
  const selection = ctx.selectServer(credentialOf(ctx.actor), row.id);
  if (selection && selection.servers.length > 0) return selection;
  const state = row.desired === 'disabled' ? 'disabled' : 'stopped';
  throw new DomainError('precondition', `Server '${row.id}' is ${state}; start it first.`, { value: row.id });
};

/** Whether a server answers to the bare names of its tools. */
const answersToBareNames = (ctx: Ctx, row: ServerRow): boolean => {
  const subject = ctx.directory.subjectOf(ctx.actor);
  return subject.type !== 'person' || isAtCommonEndpoint(ctx.directory, subject, serverResource(row));
};

/** Qualified names first, as they are exact; then the first running server by registration that has the tool. */
const resolveTool = (ctx: Ctx, rows: ServerRow[], name: string): { row: ServerRow; tool: string } | null => {
  const usable = rows.filter((row) => row.desired === 'on' && may(ctx, 'server.use', serverResource(row)));
  const has = (row: ServerRow, tool: string) => offers(ctx, row.id, tool);
  for (const separator of ['/', '__']) {
    const at = name.indexOf(separator);
    const row = at > 0 ? usable.find(({ id }) => id === name.slice(0, at)) : undefined;
    const tool = name.slice(at + separator.length);
    if (row && tool !== '' && (has(row, tool) || !ctx.runtime.catalog(row.id))) return { row, tool };
  }
  const holders = usable.filter((row) => has(row, name) && answersToBareNames(ctx, row));
  const row = holders.find(({ id }) => ctx.runtime.status(id)?.phase === 'running') ?? holders[0];
  return row ? { row, tool: name } : null;
};

const offers = (ctx: Ctx, serverId: string, tool: string): boolean => {
  const listed = ctx.runtime.catalog(serverId)?.tools.some((item) => item['name'] === tool) ?? false;
  const selected = ctx.selectServer(credentialOf(ctx.actor), serverId)?.servers[0];
  return listed && (selected === undefined || isOffered(selected, 'tool', tool));
};

const { callRecords } = tables;

/** Calls the actor may see, newest first. */
export const listCalls = verb(
  { name: 'call.read', access: 'read', input: ListCalls },
  async (ctx, input): Promise<CallPage> => {
    await ctx.flushCalls();
    const conditions: (SQL | undefined)[] = [
      visible(ctx),
      input.serverId === undefined ? undefined : eq(callRecords.serverId, input.serverId),
      input.tool === undefined ? undefined : eq(callRecords.name, input.tool),
      input.outcome === undefined ? undefined : inArray(callRecords.outcome, input.outcome),
      input.since && gte(callRecords.startedAt, input.since),
      input.until && lt(callRecords.startedAt, input.until),
      input.search ? matches(input.search) : undefined,
      input.cursor === undefined ? undefined : before(input.cursor),
    ];
    const rows = await ctx.db
      .select()
      .from(callRecords)
      .where(and(...conditions))
      .orderBy(desc(callRecords.startedAt), desc(callRecords.id))
      .limit(input.limit + 1);
    const items = rows.slice(0, input.limit).map(toRecord);
    const last = rows.length > input.limit ? items.at(-1) : undefined;
    return { items, nextCursor: last ? `${last.startedAt}_${last.id}` : null };
  },
);

export const getCall = verb(
  { name: 'call.read', access: 'read', input: z.object({ id: z.string().min(1) }) },
  async (ctx, input): Promise<CallRecord> => {
    await ctx.flushCalls();
    const [row] = await ctx.db
      .select()
      .from(callRecords)
      .where(and(visible(ctx), eq(callRecords.id, input.id)));
    if (!row) throw notFound('Call', input.id);
    return toWholeRecord(row);
  },
);

/** Everything for who may read any call, else one's own, and for a confined key those made with it. */
const visible = (ctx: Ctx): SQL | undefined => {
  if (may(ctx, 'call.read', { type: 'call', userId: null, keyId: null })) return undefined;
  const userId = userIdOf(ctx.actor);
  const own = eq(callRecords.userId, userId ?? '');
  if (may(ctx, 'call.read', { type: 'call', userId, keyId: null })) return own;
  return and(own, eq(callRecords.credential, credentialOf(ctx.actor).key));
};

const matches = (search: string): SQL | undefined => {
  const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
  const columns = [callRecords.name, callRecords.serverId, callRecords.clientName, callRecords.errorMessage];
  return or(...columns.map((column) => ilike(column, pattern)));
};

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
