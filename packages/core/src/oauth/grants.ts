import { and, desc, eq, ne } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import { may, requireRight } from '../access/require.ts';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { verb, type VerbCtx } from '../verb.ts';
import { toEndpoint } from './endpoints.ts';
import { ById, ListGrants, type OauthGrant } from './schema.ts';
import { knownScopes } from './scopes.ts';

const { oauthClients, oauthGrants, users } = tables;

export type GrantRow = typeof oauthGrants.$inferSelect;

/** A grant as its person sees it. */
export function toGrant(ctx: Ctx, row: GrantRow, username: string): OauthGrant {
  const { id, clientId, clientName, clientKind, userId, endpoint, resource, scopes, servers, tools } = row;
  const { createdAt, lastUsedAt, expiresAt } = row;
  return {
    id,
    client: { id: clientId, name: clientName, kind: clientKind },
    userId,
    username,
    endpoint: toEndpoint(ctx, endpoint, resource),
    scopes: knownScopes(scopes),
    bounds: { servers, tools },
    createdAt,
    lastUsedAt,
    expiresAt,
  };
}

/** Grants of one person, newest first: one's own, or those of somebody whose grants the actor may see. */
export async function grantsOf(ctx: Ctx, userId: string, isMachine: boolean): Promise<OauthGrant[]> {
  if (!may(ctx, 'grant.read', { type: 'grant', userId })) return [];
  const { clientKind, createdAt, id } = oauthGrants;
  const kind = isMachine ? eq(clientKind, 'machine') : ne(clientKind, 'machine');
  const rows = await ctx.db
    .select({ grant: oauthGrants, username: users.username })
    .from(oauthGrants)
    .innerJoin(users, eq(users.id, oauthGrants.userId))
    .where(and(eq(oauthGrants.userId, userId), kind))
    .orderBy(desc(createdAt), id);
  const now = ctx.clock.now();
  return rows
    .filter(({ grant }) => grant.expiresAt === null || grant.expiresAt.getTime() > now)
    .map(({ grant, username }) => toGrant(ctx, grant, username));
}

/** Lists the grants of one person, machines apart. */
export const listGrants = verb(
  { name: 'grant.read', access: 'read', input: ListGrants },
  async (ctx, input): Promise<OauthGrant[]> => grantsOf(ctx, input.userId ?? userIdOf(ctx.actor) ?? '', false),
);

export async function requireGrant(ctx: VerbCtx, id: string): Promise<GrantRow> {
  function absent() {
    return new DomainError('not_found', say('noGrant', { id }), { value: id });
  }
  const [row] = await ctx.db.select().from(oauthGrants).where(eq(oauthGrants.id, id));
  if (!row) throw absent();
  requireRight(ctx, 'grant.revoke', { type: 'grant', userId: row.userId }, absent);
  return row;
}

/** Ends a grant with its tokens, sessions and streams. */
export const revokeGrant = verb(
  { name: 'grant.revoke', access: 'write', input: ById },
  async (ctx, input): Promise<{ id: string }> => {
    const row = await requireGrant(ctx, input.id);
    await endGrant(ctx, row);
    return { id: row.id };
  },
);

/** The client of a machine is removed too: it has no other grant. */
export async function endGrant(ctx: VerbCtx, row: GrantRow): Promise<void> {
  const { id, userId, clientName, clientId, clientKind, endpoint } = row;
  await ctx.db.delete(oauthGrants).where(eq(oauthGrants.id, id));
  if (clientKind === 'machine') await ctx.db.delete(oauthClients).where(eq(oauthClients.id, clientId));
  ctx.audit({ id, details: { name: clientName, clientId, endpoint } });
  ctx.emit({ type: 'grant.changed', id, userId });
}
