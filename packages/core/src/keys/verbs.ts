import { tables } from '@switchboard/db';
import { desc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { may, requireRight } from '../access/require.ts';
import { findFirstAdmin } from '../access/users.ts';
import { userIdOf, type Ctx } from '../context.ts';
import { DomainError, invalidField, notFound } from '../errors.ts';
import { newId } from '../secrets.ts';
import { verb } from '../verb.ts';
import { CreateKey, RevokeKey, type ApiKey, type CreatedKey } from './schema.ts';
import { makeKey } from './store.ts';

type KeyRow = typeof tables.apiKeys.$inferSelect;

const mostKeysPerUser = 100;

const toApiKey = (row: KeyRow): ApiKey => ({
  id: row.id,
  name: row.name,
  prefix: `sbk_${row.lookup}`,
  userId: row.userId,
  scopes: row.scopes,
  createdAt: row.createdAt,
  expiresAt: row.expiresAt,
  lastUsedAt: row.lastUsedAt,
});

/** Makes a key for the actor; the key itself is in this answer and nowhere else. */
export const createKey = verb(
  { name: 'key.create', access: 'write', input: CreateKey },
  async (ctx, input): Promise<CreatedKey> => {
    const now = ctx.clock.now();
    if (input.expiresAt && input.expiresAt.getTime() <= now) throw invalidField('expiresAt', 'must be in the future');
    const userId = await ownerOf(ctx);
    const count = await ctx.db.$count(tables.apiKeys, eq(tables.apiKeys.userId, userId));
    if (count >= mostKeysPerUser) {
      throw new DomainError('limit_exceeded', `You have ${count} API keys; revoke one before you make another.`);
    }
    const { key, lookup, hash } = makeKey();
    const [row] = await ctx.db
      .insert(tables.apiKeys)
      .values({
        id: newId(),
        name: input.name,
        lookup,
        hash,
        userId,
        scopes: input.scopes,
        expiresAt: input.expiresAt ?? null,
        createdAt: new Date(now),
      })
      .returning();
    if (!row) throw new DomainError('internal', 'The key was not stored.');
    ctx.audit({ id: row.id, details: { name: row.name, scopes: row.scopes, expiresAt: row.expiresAt } });
    ctx.emit({ type: 'key.changed', id: row.id });
    return { ...toApiKey(row), key };
  },
);

const ownerOf = async (ctx: Ctx): Promise<string> => {
  const userId = userIdOf(ctx.actor) ?? (await findFirstAdmin(ctx.db))?.id;
  if (userId === undefined) throw new DomainError('precondition', 'There is no user a key could belong to.');
  return userId;
};

/** Keys the actor may see, newest first. */
export const listKeys = verb(
  { name: 'key.read', access: 'read', input: z.object({}) },
  async (ctx): Promise<ApiKey[]> => {
    const rows = await ctx.db.select().from(tables.apiKeys).orderBy(desc(tables.apiKeys.createdAt), tables.apiKeys.id);
    return rows.filter((row) => may(ctx, 'key.read', { type: 'key', userId: row.userId })).map(toApiKey);
  },
);

/** Ends a key at once. */
export const revokeKey = verb(
  { name: 'key.revoke', access: 'write', input: RevokeKey },
  async (ctx, input): Promise<{ id: string }> => {
    const [row] = await ctx.db.select().from(tables.apiKeys).where(eq(tables.apiKeys.id, input.id));
    const absent = () => notFound('API key', input.id);
    if (!row) throw absent();
    requireRight(ctx, 'key.revoke', { type: 'key', userId: row.userId }, absent);
    await ctx.db.delete(tables.apiKeys).where(eq(tables.apiKeys.id, row.id));
    ctx.audit({ id: row.id, details: { name: row.name } });
    ctx.emit({ type: 'key.changed', id: row.id });
    return { id: row.id };
  },
);
