import { asc, eq, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import { tables } from '@switchboard/db';
import { may, requireRight } from '../access/require.ts';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { newId } from '../secrets.ts';
import { lockServer, serverResource } from '../servers/queries.ts';
import type { ServerRow } from '../servers/rows.ts';
import { removeServer } from '../servers/verbs.ts';
import { verb, type VerbCtx } from '../verb.ts';
import { hashOf } from './content.ts';
import { filesOf } from './files.ts';
import { lockTool, requireTool, type ToolRow } from './queries.ts';
import {
  ByTool,
  ChangeTool,
  EnableTool,
  type GeneratedTool,
  type GeneratedToolDetail,
  type ToolContent,
} from './schema.ts';
import { toDetail, toTool } from './view.ts';

const { servers, generatedTools } = tables;

/** The columns of the list. The content is not read: it can be a megabyte, and its reviewed form another. */
const listedColumns = {
  serverId: generatedTools.serverId,
  dependencies: generatedTools.dependencies,
  hash: generatedTools.hash,
  hosts: sql<string[] | null>`${generatedTools.reviewed}->'hosts'`,
  reviewedAt: generatedTools.reviewedAt,
  createdAt: generatedTools.createdAt,
  updatedAt: generatedTools.updatedAt,
};

/** The tools that the actor sees, in the order in which they were registered. */
export const listGeneratedTools = verb(
  { name: 'server.read', access: 'read', input: z.object({}) },
  async (ctx): Promise<GeneratedTool[]> => {
    const rows = await ctx.db.select().from(servers).where(eq(servers.kind, 'generated')).orderBy(asc(servers.seq));
    const seen = rows.filter((server) => may(ctx, 'server.read', serverResource(server)));
    const ids = seen.map(({ id }) => id);
    const tools = await ctx.db.select(listedColumns).from(generatedTools).where(inArray(generatedTools.serverId, ids));
    const byId = new Map(tools.map((tool) => [tool.serverId, tool]));
    return seen.flatMap((server) => {
      const tool = byId.get(server.id);
      return tool ? [toTool(ctx, server, tool)] : [];
    });
  },
);

/** One tool with its files, for who may change it. */
export const getGeneratedTool = verb(
  { name: 'server.configure', access: 'read', input: ByTool },
  async (ctx, { id }): Promise<GeneratedToolDetail> => {
    const { server, tool } = await requireTool(ctx, id);
    return toDetail(ctx, server, tool);
  },
);

/** Locks both rows; the tool as it is then. */
async function lockBoth(ctx: VerbCtx, id: string): Promise<{ server: ServerRow; tool: ToolRow }> {
  const found = await requireTool(ctx, id);
  const server = await lockServer(ctx, found.server.id);
  return { server, tool: await lockTool(ctx, server.id) };
}

/** Stores which content of a tool may run; the revision changes, so that older instances end. */
async function allow(ctx: VerbCtx, server: ServerRow, reviewed: string | null): Promise<ServerRow> {
  const change = {
    reviewed,
    desired: reviewed === null ? ('disabled' as const) : ('on' as const),
    revision: newId(),
    updatedAt: new Date(ctx.clock.now()),
  };
  await ctx.db.update(servers).set(change).where(eq(servers.id, server.id));
  ctx.emit({ type: 'server.changed', id: server.id });
  return { ...server, ...change };
}

/** Changes what a tool is made of. It is disabled from then on until somebody reviews it again. */
export const changeGeneratedTool = verb(
  { name: 'server.configure', access: 'write', input: ChangeTool },
  async (ctx, { id, ...given }): Promise<GeneratedToolDetail> => {
    const { server, tool } = await lockBoth(ctx, id);
    const content: ToolContent = {
      files: given.files ? filesOf(given.files) : tool.files,
      readme: given.readme ?? tool.readme,
      dependencies: given.dependencies ?? tool.dependencies,
    };
    const hash = hashOf(content);
    if (hash === tool.hash) {
      ctx.audit({ id: server.id, details: { changed: [] } });
      return toDetail(ctx, server, tool);
    }
    const change = { ...content, hash, updatedAt: new Date(ctx.clock.now()) };
    await ctx.db.update(generatedTools).set(change).where(eq(generatedTools.serverId, server.id));
    ctx.audit({ id: server.id, details: { changed: Object.keys(given), hash } });
    return toDetail(ctx, await allow(ctx, server, null), { ...tool, ...change });
  },
);

/** Says that a tool was reviewed as it is, and lets it run; it takes the right to run programs. */
export const enableGeneratedTool = verb(
  { name: 'server.configure', access: 'write', input: EnableTool },
  async (ctx, { id, hash, hosts }): Promise<GeneratedTool> => {
    requireRight(ctx, 'server.run-process');
    const { server, tool } = await lockBoth(ctx, id);
    if (tool.hash !== hash) throw new DomainError('conflict', say('toolChanged'), { value: hash });
    const { files, readme, dependencies } = tool;
    const change = {
      reviewed: { files, readme, dependencies, hash, hosts },
      reviewedBy: userIdOf(ctx.actor),
      reviewedAt: new Date(ctx.clock.now()),
    };
    await ctx.db.update(generatedTools).set(change).where(eq(generatedTools.serverId, server.id));
    ctx.audit({ id: server.id, details: { reviewed: hash, hosts } });
    return toTool(ctx, await allow(ctx, server, hash), { ...tool, ...change, hosts });
  },
);

/** Takes back that a tool was reviewed: it ends, and nobody starts it before it is reviewed again. */
export const disableGeneratedTool = verb(
  { name: 'server.configure', access: 'write', input: ByTool },
  async (ctx, { id }): Promise<GeneratedTool> => {
    const { server, tool } = await lockBoth(ctx, id);
    ctx.audit({ id: server.id, details: { reviewed: null } });
    return toTool(ctx, await allow(ctx, server, null), { ...tool, hosts: null });
  },
);

/** Removes a tool with its files and its server, as which it is removed and written down. */
export async function removeGeneratedTool(ctx: Ctx, { id }: z.infer<typeof ByTool>): Promise<{ id: string }> {
  const { server } = await requireTool(ctx, id, 'server.remove');
  return await removeServer(ctx, { id: server.id });
}
