import type { EndpointSelection } from '@switchboard/mcp-runtime/types';
import { isAtCommonEndpoint } from '../access/common-endpoint.ts';
import { runtimeCredentialOf } from '../access/credential.ts';
import { may, requireRight } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { isOffered, offServer } from '../selected.ts';
import { loadServers, requireUsable, serverResource } from '../servers/queries.ts';
import type { ServerRow } from '../servers/rows.ts';
import { verb } from '../verb.ts';
import { translateRpcError } from './rpc-error.ts';
import { CallAnyTool, CallTool, type CallOutcome } from './schema.ts';

/** Calls a tool of one server. An error of the tool itself is in the result. */
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
    if (!found) throw new DomainError('not_found', say('noTool', { name: input.toolName }), { value: input.toolName });
    return call(ctx, found.row, found.tool, input.arguments, input.via);
  },
);

async function call(
  ctx: Ctx,
  row: ServerRow,
  tool: string,
  args: Record<string, unknown>,
  via: string,
): Promise<CallOutcome> {
  requireRight(ctx, 'server.use', serverResource(row));
  const selection = selectionOf(ctx, row);
  const selected = selection.servers[0];
  function offered(name: unknown) {
    return !selected || (typeof name === 'string' && isOffered(selected, 'tool', name));
  }
  if (!offered(tool) && may(ctx, 'server.configure', serverResource(row))) {
    throw new DomainError('precondition', say('toolOff', { tool, id: row.id }), { value: tool });
  }
  const catalog = ctx.hub.runtime.catalog(row.id);
  if (!offered(tool) || (catalog && !catalog.tools.some((item) => item['name'] === tool))) {
    const names = (catalog?.tools ?? [])
      .map((item) => item['name'])
      .filter(offered)
      .slice(0, 20)
      .join(', ');
    const why = say('noToolAt', { id: row.id, tool, names: names === '' ? say('none') : names });
    throw new DomainError('not_found', why, { value: tool });
  }
  const startedAt = performance.now();
  try {
    const result = await ctx.hub.runtime.call({
      credential: { ...runtimeCredentialOf(ctx.actor), address: ctx.address },
      selection,
      method: 'tools/call',
      params: { name: tool, arguments: args },
      via,
      clientName: `switchboard-${via}`,
      signal: ctx.signal,
      requestId: ctx.requestId,
      trace: ctx.trace,
    });
    return { serverId: row.id, tool, result, durationMs: performance.now() - startedAt };
  } catch (error) {
    throw translateRpcError(error, row.id);
  }
}

function selectionOf(ctx: Ctx, row: ServerRow): EndpointSelection {
  const selection = ctx.hub.selectServer(runtimeCredentialOf(ctx.actor), row.id);
  if (selection && selection.servers.length > 0) return selection;
  throw new DomainError('precondition', offServer(row), { value: row.id });
}

/** Whether a server answers to the bare names of its tools. */
function answersToBareNames(ctx: Ctx, row: ServerRow): boolean {
  const subject = ctx.access.directory.subjectOf(ctx.actor);
  return subject.type !== 'person' || isAtCommonEndpoint(ctx.access.directory, subject, serverResource(row));
}

/** Qualified names first, as they are exact; then the first running server by registration that has the tool. */
function resolveTool(ctx: Ctx, rows: ServerRow[], name: string): { row: ServerRow; tool: string } | null {
  const usable = rows.filter((row) => row.desired === 'on' && may(ctx, 'server.use', serverResource(row)));
  function has(row: ServerRow, tool: string) {
    return offers(ctx, row.id, tool);
  }
  for (const separator of ['/', '__']) {
    const at = name.indexOf(separator);
    const row = at > 0 ? usable.find(({ id }) => id === name.slice(0, at)) : undefined;
    const tool = name.slice(at + separator.length);
    if (row && tool !== '' && (has(row, tool) || !ctx.hub.runtime.catalog(row.id))) return { row, tool };
  }
  const holders = usable.filter((row) => has(row, name) && answersToBareNames(ctx, row));
  const row = holders.find(({ id }) => ctx.hub.runtime.status(id)?.phase === 'running') ?? holders[0];
  return row ? { row, tool: name } : null;
}

function offers(ctx: Ctx, serverId: string, tool: string): boolean {
  const listed = ctx.hub.runtime.catalog(serverId)?.tools.some((item) => item['name'] === tool) ?? false;
  const selected = ctx.hub.selectServer(runtimeCredentialOf(ctx.actor), serverId)?.servers[0];
  return listed && (selected === undefined || isOffered(selected, 'tool', tool));
}
