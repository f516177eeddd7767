import { isDeepStrictEqual } from 'node:util';
import { and, count, eq, inArray, isNotNull } from 'drizzle-orm';
import { z } from 'zod';
import { tables } from '@switchboard/db';
import { may, requireRight } from '../access/require.ts';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { atField, DomainError, invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { isReserved } from '../reserved-names.ts';
import { newId } from '../secrets.ts';
import { serverResource } from '../servers/queries.ts';
import { removeShowing, serversOf } from '../servers/shown.ts';
import { storableJson } from '../storable.ts';
import { lockUser } from '../users/queries.ts';
import { inTransaction, verb, type VerbCtx } from '../verb.ts';
import { logOperation, logOperations } from './log.ts';
import { lockApp, requireApp, seenApps } from './queries.ts';
import type { AppRow } from './rows.ts';
import { AppById, CreateApp, UpdateApp, type App, type ListedApp } from './schema.ts';
import { changedAt, sightOf } from './sight.ts';
import { toApp, toListed, type Beside } from './view.ts';

const { apps, appPairs, servers } = tables;
/** Apps are few enough to be listed whole. */
const mostPerPerson = 1_000;

/** Last parts of paths that lead to endpoints of the hub. */
const reservedProducts: ReadonlySet<string> = new Set(['mcp', 'sse', 'messages']);

/** Loads the facts about these apps that are not in their rows. */
async function besideOf(ctx: Ctx, rows: readonly AppRow[]): Promise<(row: AppRow) => Beside> {
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return () => ({ serverId: null, pairs: 0 });
  const { id, createdBy, visibility, app } = servers;
  // A parameter for each of hundreds of apps takes longer than reading what the other apps have.
  const isMany = ids.length > 20;
  const [shown, counted] = await Promise.all([
    ctx.db
      .select({ id, createdBy, visibility, app })
      .from(servers)
      .where(isMany ? isNotNull(app) : inArray(app, ids)),
    ctx.db
      .select({ appId: appPairs.appId, pairs: count() })
      .from(appPairs)
      .where(isMany ? undefined : inArray(appPairs.appId, ids))
      .groupBy(appPairs.appId),
  ]);
  const seen = shown.filter((server) => may(ctx, 'server.read', serverResource(server)));
  const serverOf = new Map(seen.map((server) => [server.app, server.id]));
  const pairsOf = new Map(counted.map(({ appId, pairs }) => [appId, pairs]));
  return (row) => ({ serverId: serverOf.get(row.id) ?? null, pairs: pairsOf.get(row.id) ?? 0 });
}

async function toApps(ctx: Ctx, rows: readonly AppRow[]): Promise<App[]> {
  const beside = await besideOf(ctx, rows);
  return rows.map((row) => toApp(ctx, row, beside(row)));
}

async function toOne(ctx: Ctx, row: AppRow): Promise<App> {
  return toApp(ctx, row, (await besideOf(ctx, [row]))(row));
}

/** The apps that the actor sees, by category and name, with the names of their actions. */
export const listApps = verb(
  { name: 'app.read', access: 'read', input: z.object({}) },
  async (ctx): Promise<ListedApp[]> => (await toApps(ctx, await seenApps(ctx))).map(toListed),
);

/** The same with everything that there is of them. */
export const listWholeApps = verb(
  { name: 'app.read', access: 'read', input: z.object({}) },
  async (ctx): Promise<App[]> => await toApps(ctx, await seenApps(ctx)),
);

/** By number, id, or `Category/Name`. */
export const getApp = verb(
  { name: 'app.read', access: 'read', input: AppById },
  async (ctx, { id }): Promise<App> => await toOne(ctx, await requireApp(ctx, id)),
);

export const createApp = verb(
  { name: 'app.create', access: 'write', input: CreateApp },
  async (ctx, draft): Promise<App> => {
    assertMakeable(ctx, draft);
    if ((await roomFor(ctx)) === 0) throw full();
    const [row] = await insertApps(ctx, [draft]);
    if (!row) throw taken(draft);
    return toApp(ctx, row, { serverId: null, pairs: 0 });
  },
);

/** Stores apps whose names are free, and gives those that it stored. */
export async function insertApps(ctx: VerbCtx, drafts: readonly CreateApp[]): Promise<AppRow[]> {
  const createdBy = userIdOf(ctx.actor);
  const now = new Date(ctx.clock.now());
  const values = drafts.map((draft) => {
    const { category, name, displayName } = draft;
    const own = { category, name, displayName, id: newId(), createdBy, createdAt: now, updatedAt: now };
    return { ...storableJson(definedIn(draft)), ...own };
  });
  const rows = await ctx.db.insert(apps).values(values).onConflictDoNothing().returning();
  await logOperations(
    ctx,
    rows.map((row) => ({
      action: 'create_app',
      targetType: 'Application',
      targetId: row.num,
      details: namesOf(row),
    })),
  );
  for (const row of rows) {
    ctx.audit({ id: row.id, details: { ...namesOf(row), actions: row.actions.length } });
    ctx.emit({ type: 'app.changed', id: row.id, sights: [sightOf(row)] });
  }
  return rows;
}

/** Refuses an app that nobody may have, or not this actor. */
export function assertMakeable(ctx: Ctx, draft: CreateApp): void {
  requireNames(draft);
  if (draft.visibility === 'everyone') requireRight(ctx, 'server.publish');
}

/** How many more apps the actor may have. The owner's row is locked, so that apps made at once count each other. */
export async function roomFor(ctx: VerbCtx): Promise<number> {
  const owner = userIdOf(ctx.actor);
  if (owner === null) return Infinity;
  await lockUser(ctx.db, owner);
  return Math.max(0, mostPerPerson - (await ctx.db.$count(apps, eq(apps.createdBy, owner))));
}

export function full(): DomainError {
  return new DomainError('limit_exceeded', say('appsFull', { count: mostPerPerson }));
}

/** Changes what is given; the rest keeps its value. */
export const updateApp = verb(
  { name: 'app.configure', access: 'write', input: UpdateApp },
  async (ctx, { id, patch }): Promise<App> => {
    const found = await requireApp(ctx, id, 'app.configure');
    const before = await lockApp(ctx, found.id);
    const next: AppRow = { ...before, ...storableJson(definedIn(patch)) };
    const changed = Object.keys(next).filter(
      (field) => !isDeepStrictEqual(Reflect.get(before, field), Reflect.get(next, field)),
    );
    ctx.audit({ id: before.id, details: { ...namesOf(before), changed } });
    if (changed.length === 0) return await toOne(ctx, before);
    if (changed.includes('category') || changed.includes('name')) requireNames(next);
    if (changed.includes('visibility') && next.visibility === 'everyone') requireRight(ctx, 'server.publish');
    const [other] = await ctx.db
      .select({ id: apps.id })
      .from(apps)
      .where(and(eq(apps.category, next.category), eq(apps.name, next.name)));
    if (other && other.id !== before.id) throw taken(next);
    next.updatedAt = changedAt(ctx.clock.now(), before);
    const { num: _num, ...values } = next;
    await ctx.db.update(apps).set(values).where(eq(apps.id, before.id));
    await logOperation(ctx, {
      action: 'update_app',
      targetType: 'Application',
      targetId: before.num,
      details: { ...namesOf(next), changed },
    });
    ctx.emit({ type: 'app.changed', id: before.id, sights: [sightOf(before), sightOf(next)] });
    return await toOne(ctx, next);
  },
);

/** Removes an app with its recordings, the grants of tokens for it, and the server that shows it. */
export const removeApp = verb(
  { name: 'app.configure', access: 'write', input: AppById, tx: false },
  async (ctx, input): Promise<{ id: string; num: number; category: string; name: string }> => {
    const found = await requireApp(ctx, input.id, 'app.configure');
    const shown = await serversOf(ctx, { app: found.id });
    const { id, num, category, name } = await inTransaction(ctx, async (inner) => {
      const row = await lockApp(inner, found.id);
      await inner.db.delete(apps).where(eq(apps.id, row.id));
      inner.audit({ id: row.id, details: { ...namesOf(row), removed: true } });
      await logOperation(inner, {
        action: 'delete_app',
        targetType: 'Application',
        targetId: row.num,
        details: namesOf(row),
      });
      inner.emit({ type: 'app.changed', id: row.id, sights: [sightOf(row)] });
      return row;
    });
    await removeShowing(ctx, shown, 'app.removed');
    return { id, num, category, name };
  },
);

export function namesOf({ category, name }: Pick<AppRow, 'category' | 'name'>) {
  return { category, name };
}

type Defined<Patch> = { [Field in keyof Patch]: Exclude<Patch[Field], undefined> };

function definedIn<Patch extends object>(patch: Patch): Defined<Patch> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as Defined<Patch>;
}

/** Refuses names that would collide with the hub's own paths. */
function requireNames({ category, name }: Pick<AppRow, 'category' | 'name'>): void {
  if (isReserved(category)) throw invalidField('category', say('categoryReserved', { category }));
  if (reservedProducts.has(name.toLowerCase())) throw invalidField('name', say('productReserved', { name }));
}

function taken({ category, name }: Pick<AppRow, 'category' | 'name'>): DomainError {
  const why = say('appExists', { category, name });
  return new DomainError('conflict', why, { ...atField('name', why), value: `${category}/${name}` });
}
