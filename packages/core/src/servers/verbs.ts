import { eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import { may, requireRight } from '../access/require.ts';
import { DomainError, messageOf } from '../errors.ts';
import { groupsWith, keepGroup } from '../groups/describe.ts';
import { say } from '../reasons.ts';
import { endGrants } from '../sign-ins/end-grants.ts';
import { lockUser } from '../users/queries.ts';
import { inTransaction, verb, type VerbCtx } from '../verb.ts';
import { removeVersions } from '../versions/versions.ts';
import { withUid } from './accounts.ts';
import { keepVersion, versionedServer } from './describe.ts';
import { requireCreate, requireShown, rowOf } from './draft.ts';
import { filterServers, sortServers } from './listing.ts';
import { lockNames, requireNameFree } from './names.ts';
import {
  absentServer,
  claimSlug,
  containerOf,
  loadServers,
  lockServer,
  releaseSlug,
  requireServer,
  serverResource,
} from './queries.ts';
import type { NewServerRow, ServerRow } from './rows.ts';
import { ById, CreateServer, ListServers, type Server, type ServerPage } from './schema.ts';
import { toServer } from './view.ts';

export { updateServer } from './update.ts';

/** Servers the actor sees: filtered, sorted (newest first unless asked otherwise) and paged. */
export const listServers = verb(
  { name: 'server.read', access: 'read', input: ListServers },
  async (ctx, input): Promise<ServerPage> => {
    const rows = await loadServers(ctx.db);
    const seen = rows.filter((row) => may(ctx, 'server.read', serverResource(row)));
    const matching = sortServers(ctx, filterServers(ctx, seen, input), input);
    const from = (input.page - 1) * input.limit;
    return {
      items: matching.slice(from, from + input.limit).map((row) => toServer(ctx, row)),
      total: matching.length,
    };
  },
);

/** By id, else by unique name. */
export const getServer = verb(
  { name: 'server.read', access: 'read', input: ById },
  async (ctx, input): Promise<Server> => toServer(ctx, await requireServer(ctx, input.id)),
);

/** Stores a server and answers; it starts behind, and shows as `error` where it cannot. */
export const createServer = verb(
  { name: 'server.create', access: 'write', input: CreateServer },
  async (ctx, input): Promise<Server> => {
    requireCreate(ctx, input);
    await requireShown(ctx, input);
    return toServer(ctx, await insertServer(ctx, rowOf(ctx, input)));
  },
);

/** Writes the row of a new server with its name, audit and event. */
export async function insertServer(ctx: VerbCtx, values: NewServerRow): Promise<ServerRow> {
  if (values.visibility === 'everyone') requireRight(ctx, 'server.publish');
  await lockNames(ctx);
  await requireNameFree(ctx, values);
  await assertRoom(ctx, values.createdBy);
  await claimSlug(ctx.db, 'server', values.id);
  const [row] = await ctx.db
    .insert(tables.servers)
    .values(await withUid(ctx, values))
    .returning();
  if (!row) throw new DomainError('internal', say('serverNotStored'));
  await keepVersion(ctx, row.id);
  const { name, kind, command, desired } = row;
  const image = containerOf(row)?.image;
  ctx.audit({ id: row.id, details: { name, kind, command, desired, ...(image !== undefined && { image }) } });
  ctx.emit({ type: 'server.created', id: row.id });
  return row;
}

/** Counts with the owner's row locked, so that servers made at once count each other. */
async function assertRoom(ctx: VerbCtx, userId: string | null): Promise<void> {
  const isAdmin = 'role' in ctx.actor && ctx.actor.role === 'admin';
  if (userId === null || isAdmin || may(ctx, 'server.run-process')) return;
  await lockUser(ctx.db, userId);
  const most = ctx.settings.now().limits.serversPerPerson;
  const count = await ctx.db.$count(tables.servers, eq(tables.servers.createdBy, userId));
  if (count < most) return;
  throw new DomainError('limit_exceeded', say('mostServers', { number: count, most }));
}

const removalGraceMs = 3_000;

/** Removes a server with everything stored about it but its history; answers when its processes have ended. */
export const removeServer = verb(
  { name: 'server.remove', access: 'write', input: ById, tx: false },
  async (ctx, input): Promise<{ id: string }> => {
    const row = await requireServer(ctx, input.id);
    requireRight(ctx, 'server.remove', serverResource(row), () => absentServer(input.id));
    let stopping: Promise<void> = Promise.resolve();
    async function forget(tx: VerbCtx) {
      await lockServer(tx, row.id);
      await releaseSlug(tx, 'server', row.id);
      const groups = await groupsWith(tx, row.id);
      await endGrants(tx, eq(tables.upstreamGrants.serverId, row.id));
      await tx.db.delete(tables.servers).where(eq(tables.servers.id, row.id));
      for (const was of groups) await keepGroup(tx, was.row.id, { was });
      await removeVersions(tx, versionedServer(row));
      tx.audit({ id: row.id, details: { name: row.name, kind: row.kind } });
      tx.emit({ type: 'server.removed', id: row.id });
    }
    await inTransaction(ctx, forget, () => {
      // The row is gone: its processes follow, and a failure there is no reason to say otherwise.
      stopping = ctx.hub.runtime.stop(row.id, { graceMs: removalGraceMs }).catch((error: unknown) => {
        ctx.log.error({ server: row.id, error: messageOf(error) }, 'A removed server did not stop cleanly');
      });
    });
    await stopping;
    if (row.ownUid !== null) await ctx.hub.accounts.release(row.ownUid);
    return { id: row.id };
  },
);
