import { z } from 'zod';
import { tables } from '@switchboard/db';
import { may } from '../access/require.ts';
import { verb } from '../verb.ts';
import { serverResource } from './queries.ts';
import type { ServerRights } from './schema.ts';
import { rightsOf } from './view.ts';

/** The servers the actor sees, by id, and what it may do at each; nothing of them is opened. */
export const visibleServers = verb(
  { name: 'server.read', access: 'read', input: z.object({}) },
  async (ctx): Promise<Map<string, ServerRights>> => {
    const { id, createdBy, visibility } = tables.servers;
    const rows = await ctx.db.select({ id, createdBy, visibility }).from(tables.servers);
    const seen = rows.filter((row) => may(ctx, 'server.read', serverResource(row)));
    return new Map(seen.map((row) => [row.id, rightsOf(ctx, row)]));
  },
);
