import { and, desc, eq, getTableColumns } from 'drizzle-orm';
import { z } from 'zod';
import { tables } from '@switchboard/db';
import { may, requireRight } from '../access/require.ts';
import type { KeyBounds } from '../access/subject.ts';
import { findFirstAdmin } from '../access/users.ts';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError, invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { newId } from '../secrets.ts';
import { allServers } from '../selection.ts';
import { findServer } from '../servers/queries.ts';
import { lockUser } from '../users/queries.ts';
import { inTransaction, verb, type VerbCtx } from '../verb.ts';
import { holdNamed, requireResources } from './named.ts';
import { CreateKey, RevokeKey, UpdateKey, type ApiKey, type CreatedKey } from './schema.ts';
import { makeKey } from './store.ts';

const { apiKeys, users } = tables;

type KeyRow = typeof apiKeys.$inferSelect & { username: string };

const columns = { ...getTableColumns(apiKeys), username: users.username };

function toApiKey({ hash: _hash, lookup, ...row }: KeyRow): ApiKey {
  return { ...row, prefix: `sbk_${lookup}` };
}

/** Makes a key for the actor; the key itself is in this answer and nowhere else. */
export const createKey = verb(
  { name: 'key.create', access: 'write', input: CreateKey, tx: false },
  async (ctx, input): Promise<CreatedKey> => {
    assertFuture(ctx.clock.now(), input.expiresAt);
    assertScopes(ctx, input.scopes);
    await requireResources(ctx, input.resources ?? []);
    return await inTransaction(ctx, (inner) => insertKey(inner, input));
  },
);

async function insertKey(ctx: VerbCtx, input: z.output<typeof CreateKey>): Promise<CreatedKey> {
  const owner = await ownerOf(ctx);
  const bounds = await checkBounds(ctx, boundsOf(input));
  await assertRoom(ctx, owner.id);
  const { key, lookup, hash } = makeKey();
  const [row] = await ctx.db
    .insert(apiKeys)
    .values({
      id: newId(),
      name: input.name,
      lookup,
      hash,
      userId: owner.id,
      scopes: input.scopes,
      ...bounds,
      callsPerMinute: input.callsPerMinute ?? null,
      expiresAt: input.expiresAt ?? null,
      createdAt: new Date(ctx.clock.now()),
    })
    .returning();
  if (!row) throw new DomainError('internal', say('keyNotStored'));
  ctx.audit({ id: row.id, details: { name: row.name, scopes: row.scopes, ...bounds, expiresAt: row.expiresAt } });
  ctx.emit({ type: 'key.changed', id: row.id });
  return { ...toApiKey({ ...row, username: owner.username }), key };
}

/** Counts with the owner's row locked, so that keys made at once count each other. */
async function assertRoom(ctx: Ctx, userId: string): Promise<void> {
  await lockUser(ctx.db, userId);
  const most = ctx.settings.now().limits.keysPerPerson;
  const count = await ctx.db.$count(apiKeys, eq(apiKeys.userId, userId));
  if (count < most) return;
  throw new DomainError('limit_exceeded', say('mostKeys', { number: count, most }));
}

function assertFuture(now: number, expiresAt: Date | null | undefined): void {
  if (expiresAt && expiresAt.getTime() <= now) throw invalidField('expiresAt', say('mustBeFuture'));
}

/** A key for the metrics is made by who may read them: for anybody else it would silently do nothing. */
function assertScopes(ctx: Ctx, scopes: readonly string[]): void {
  if (scopes.some((scope) => /^metrics[.:]/.test(scope))) requireRight(ctx, 'metrics.read');
}

async function ownerOf(ctx: Ctx): Promise<{ id: string; username: string }> {
  const userId = userIdOf(ctx.actor);
  const [user] = userId === null ? [] : await ctx.db.select().from(users).where(eq(users.id, userId));
  const owner = user ?? (await findFirstAdmin(ctx.db));
  if (!owner) throw new DomainError('precondition', say('noOwner'));
  return owner;
}

function boundsOf(input: { [Bound in keyof KeyBounds]?: readonly string[] | null | undefined }) {
  function list(names: readonly string[] | null | undefined) {
    return names ? [...new Set(names)] : null;
  }
  return {
    endpoints: list(input.endpoints),
    groups: list(input.groups),
    servers: list(input.servers),
    tools: list(input.tools),
    resources: list(input.resources),
  };
}

type Bounds = ReturnType<typeof boundsOf>;

/** A bound that names nothing would leave a key that silently does nothing. */
async function checkBounds(ctx: Ctx, bounds: Bounds): Promise<Bounds> {
  function isGroup(id: string) {
    return ctx.access.directory.group(id) !== undefined && may(ctx, 'group.read', { type: 'group', id });
  }
  async function isServer(id: string) {
    return (await findServer(ctx, id))?.id === id;
  }
  async function check(field: keyof Bounds, names: readonly string[], exists: (name: string) => Promise<boolean>) {
    for (const name of names) {
      if (!(await exists(name))) throw invalidField(field, say('notSeen', { name }));
    }
  }
  await check('servers', bounds.servers ?? [], isServer);
  await check('groups', bounds.groups ?? [], (id) => Promise.resolve(isGroup(id)));
  await check('endpoints', bounds.endpoints ?? [], async (id) => id === allServers || isGroup(id) || isServer(id));
  await check('tools', bounds.tools ?? [], (tool) => isServer(tool.slice(0, tool.indexOf('/'))));
  await holdNamed(ctx, bounds.resources ?? []);
  return bounds;
}

/** Keys the actor may see, newest first. */
export const listKeys = verb(
  { name: 'key.read', access: 'read', input: z.object({ userId: z.string().optional() }) },
  async (ctx, input): Promise<ApiKey[]> => {
    // A caller who may read keys without an owner may read everybody's.
    const all = may(ctx, 'key.read', { type: 'key', userId: '' });
    const rows = await ctx.db
      .select(columns)
      .from(apiKeys)
      .innerJoin(users, eq(users.id, apiKeys.userId))
      .where(
        and(
          all ? undefined : eq(apiKeys.userId, userIdOf(ctx.actor) ?? ''),
          input.userId === undefined ? undefined : eq(apiKeys.userId, input.userId),
        ),
      )
      .orderBy(desc(apiKeys.createdAt), apiKeys.id);
    return rows.filter((row) => may(ctx, 'key.read', { type: 'key', userId: row.userId })).map(toApiKey);
  },
);

async function requireKey(ctx: Ctx, action: 'key.update' | 'key.revoke', id: string): Promise<KeyRow> {
  const [row] = await ctx.db
    .select(columns)
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .where(eq(apiKeys.id, id));
  function absent() {
    return new DomainError('not_found', say('noKey', { id }), { value: id });
  }
  if (!row) throw absent();
  requireRight(ctx, action, { type: 'key', userId: row.userId }, absent);
  return row;
}

/** Changes what a key is called, reaches and how long; the key itself stays. */
export const updateKey = verb(
  { name: 'key.update', access: 'write', input: UpdateKey, tx: false },
  async (ctx, patch): Promise<ApiKey> => {
    const { resources } = await requireKey(ctx, 'key.update', patch.id);
    assertFuture(ctx.clock.now(), patch.expiresAt);
    assertScopes(ctx, patch.scopes ?? []);
    await requireResources(ctx, newOnes(patch.resources, resources));
    return await inTransaction(ctx, (inner) => changeKey(inner, patch));
  },
);

/** References that a key has already are kept, also where their object is away at the moment. */
function newOnes(given: readonly string[] | null | undefined, before: readonly string[] | null): string[] {
  return (given ?? []).filter((reference) => !before?.includes(reference));
}

async function changeKey(ctx: VerbCtx, { id, ...patch }: z.output<typeof UpdateKey>): Promise<ApiKey> {
  const before = await requireKey(ctx, 'key.update', id);
  const bounds = boundsOf({ ...before, ...definedOnly(patch) });
  await checkBounds(ctx, { ...boundsOf(patch), resources: newOnes(patch.resources, before.resources) });
  const change = {
    name: patch.name ?? before.name,
    scopes: patch.scopes ?? before.scopes,
    ...bounds,
    callsPerMinute: patch.callsPerMinute === undefined ? before.callsPerMinute : patch.callsPerMinute,
    expiresAt: patch.expiresAt === undefined ? before.expiresAt : patch.expiresAt,
  };
  await ctx.db.update(apiKeys).set(change).where(eq(apiKeys.id, id));
  ctx.audit({ id, details: { changed: Object.keys(definedOnly(patch)), scopes: change.scopes, ...bounds } });
  ctx.emit({ type: 'key.changed', id });
  return toApiKey({ ...before, ...change });
}

function definedOnly<Given extends object>(given: Given): Partial<Given> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<Given>;
}

/** Ends a key at once. */
export const revokeKey = verb(
  { name: 'key.revoke', access: 'write', input: RevokeKey },
  async (ctx, input): Promise<{ id: string }> => {
    const row = await requireKey(ctx, 'key.revoke', input.id);
    await ctx.db.delete(apiKeys).where(eq(apiKeys.id, row.id));
    ctx.audit({ id: row.id, details: { name: row.name } });
    ctx.emit({ type: 'key.changed', id: row.id });
    return { id: row.id };
  },
);
