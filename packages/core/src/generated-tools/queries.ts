import { eq } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import type { Action } from '../access/actions.ts';
import { requireRight } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { findServer, serverResource } from '../servers/queries.ts';
import type { ServerRow } from '../servers/rows.ts';
import { hashOf } from './content.ts';
import { languageOf, mainOf, type ToolFile, type ToolLanguage } from './files.ts';

export type ToolRow = typeof tables.generatedTools.$inferSelect;

const { generatedTools } = tables;

function absent(id: string): DomainError {
  return new DomainError('not_found', say('noGeneratedTool', { id }), { value: id });
}

/** A tool with its server, by the server's id or name. */
export async function requireTool(
  ctx: Ctx,
  id: string,
  action: Action = 'server.configure',
): Promise<{ server: ServerRow; tool: ToolRow }> {
  const server = await findServer(ctx, id);
  if (server?.kind !== 'generated') throw absent(id);
  requireRight(ctx, action, serverResource(server), () => absent(id));
  const [tool] = await ctx.db.select().from(generatedTools).where(eq(generatedTools.serverId, server.id));
  if (!tool) throw absent(id);
  return { server, tool };
}

/** Takes a tool until the transaction ends. Its server is locked first, as where that is removed. */
export async function lockTool(ctx: Ctx, serverId: string): Promise<ToolRow> {
  const [row] = await ctx.db.select().from(generatedTools).where(eq(generatedTools.serverId, serverId)).for('update');
  if (!row) throw absent(serverId);
  return row;
}

/** A tool that was reviewed and may run. */
export interface RunnableTool {
  files: ToolFile[];
  main: string;
  language: ToolLanguage;
  dependencies: string;
  hosts: string[];
  /** The person who enabled it; null where the account is gone. */
  enabledBy: string | null;
}

/** Loads the content of a tool with the reviewed hash; null where the content differs by now. */
export async function loadRunnable(db: Db, serverId: string, reviewed: string): Promise<RunnableTool | null> {
  const [row] = await db.select().from(generatedTools).where(eq(generatedTools.serverId, serverId));
  const kept = row?.reviewed;
  if (!row || !kept || kept.hash !== reviewed || hashOf(kept) !== reviewed) return null;
  const main = mainOf(kept.files.map(({ path }) => path));
  if (main === null) return null;
  const { files, dependencies, hosts } = kept;
  return { files, main, language: languageOf(main), dependencies, hosts, enabledBy: row.reviewedBy };
}
