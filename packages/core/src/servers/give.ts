import { and, eq, isNull } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import { requireRight } from '../access/require.ts';
import { invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { endGrants } from '../sign-ins/end-grants.ts';
import { absentUser, findUser } from '../users/queries.ts';
import { verb, type VerbCtx } from '../verb.ts';
import { beginVersions } from './describe.ts';
import { lockNames, requireNameFree } from './names.ts';
import { absentServer, lockServer, requireServer, serverResource } from './queries.ts';
import { GiveServer, type Server } from './schema.ts';
import { toServer } from './view.ts';

/** Makes another account the owner of a server; its secrets are that person's from then on. */
export const giveServer = verb(
  { name: 'server.give', access: 'write', input: GiveServer },
  async (ctx, { id, owner }): Promise<Server> => {
    const found = await requireServer(ctx, id);
    requireRight(ctx, 'server.give', serverResource(found), () => absentServer(id));
    await lockNames(ctx);
    const before = await lockServer(ctx, found.id);
    const user = await findUser(ctx.db, owner);
    if (!user) throw absentUser(owner);
    if (user.role === 'viewer') {
      throw invalidField('owner', say('viewerOwner', { name: user.username }));
    }
    if (user.id === before.createdBy) {
      ctx.audit({ id: before.id, details: { from: user.id, to: user.id } });
      return toServer(ctx, before);
    }
    await requireNameFree(ctx, { ...before, createdBy: user.id }, 'owned');
    const [row] = await ctx.db
      .update(tables.servers)
      .set({ createdBy: user.id, updatedAt: new Date(ctx.clock.now()) })
      .where(eq(tables.servers.id, before.id))
      .returning();
    if (!row) throw absentServer(id);
    await endShared(ctx, row.id);
    await beginVersions(ctx, row.id);
    ctx.audit({ id: row.id, details: { from: before.createdBy, to: user.id } });
    ctx.emit({ type: 'server.changed', id: row.id });
    return toServer(ctx, row);
  },
);

/** What one owner signed in with for everybody is in that one's name, and not for the next one. */
async function endShared(ctx: VerbCtx, id: string): Promise<void> {
  const { serverId, userId } = tables.upstreamGrants;
  const where = and(eq(serverId, id), isNull(userId));
  const isEnded = where !== undefined && (await endGrants(ctx, where));
  if (isEnded) ctx.emit({ type: 'server.sign-in', id, userId: null });
}
