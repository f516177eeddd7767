import { createHash, randomUUID } from 'node:crypto';
import { asc, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { tables } from '@switchboard/db';
import { may, requireRight } from '../access/require.ts';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { ownerName } from '../engines/owner.ts';
import { DomainError, invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { newId } from '../secrets.ts';
import { storableJson } from '../storable.ts';
import { lockUser } from '../users/queries.ts';
import { verb, type VerbCtx } from '../verb.ts';
import { AppFaults } from './fields.ts';
import { logOperation } from './log.ts';
import { appResource, findApp, requireToken, tokenResource } from './queries.ts';
import type { AppTokenRow } from './rows.ts';
import {
  AppTokenById,
  CreateAppToken,
  demoToken,
  SetTokenApps,
  UpdateAppToken,
  type AppToken,
  type NewAppToken,
} from './schema.ts';

const { appTokens, appGrants } = tables;
const mostPerPerson = 1_000;
const shownLetters = 6;

/** The form in which a token is stored and found. */
export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The first letters; whole only where everybody may know it. */
function shownOf(token: string): string {
  return token === demoToken ? token : `${token.slice(0, shownLetters)}***`;
}

function toToken(ctx: Ctx, row: AppTokenRow, apps: string[]): AppToken {
  const { id, num, shown, description, enabled, seed, profile, createdBy, createdAt, updatedAt, lastUsedAt } = row;
  const faults = AppFaults.parse(row.faults);
  const owner = ownerName(ctx, createdBy);
  return {
    id,
    num,
    shown,
    description,
    enabled,
    seed,
    profile,
    faults,
    apps,
    createdBy,
    ownerName: owner,
    createdAt,
    updatedAt,
    lastUsedAt,
  };
}

async function withApps(ctx: Ctx, rows: readonly AppTokenRow[]): Promise<AppToken[]> {
  const ids = rows.map(({ id }) => id);
  const grants = ids.length === 0 ? [] : await ctx.db.select().from(appGrants).where(inArray(appGrants.tokenId, ids));
  const byToken = Map.groupBy(grants, ({ tokenId }) => tokenId);
  return rows.map((row) =>
    toToken(
      ctx,
      row,
      (byToken.get(row.id) ?? []).map(({ appId }) => appId),
    ),
  );
}

async function withItsApps(ctx: Ctx, row: AppTokenRow): Promise<AppToken> {
  const grants = await ctx.db.select().from(appGrants).where(eq(appGrants.tokenId, row.id));
  return toToken(
    ctx,
    row,
    grants.map(({ appId }) => appId),
  );
}

/** The actor's tokens; admins see all. */
export const listAppTokens = verb(
  { name: 'app-token.read', access: 'read', input: z.object({}) },
  async (ctx): Promise<AppToken[]> => {
    const rows = await ctx.db.select().from(appTokens).orderBy(asc(appTokens.num));
    return await withApps(
      ctx,
      rows.filter((row) => may(ctx, 'app-token.read', tokenResource(row))),
    );
  },
);

export const getAppToken = verb(
  { name: 'app-token.read', access: 'read', input: AppTokenById },
  async (ctx, { id }): Promise<AppToken> => await withItsApps(ctx, await requireToken(ctx, id)),
);

/** Creates a token, which may call nothing unless apps are given; the whole token is in this answer and in no other. */
export const createAppToken = verb(
  { name: 'app-token.create', access: 'write', input: CreateAppToken },
  async (ctx, { apps = [], ...draft }): Promise<NewAppToken> => await insertToken(ctx, randomUUID(), draft, apps),
);

/** Stores a token that is known already. */
export async function insertToken(
  ctx: VerbCtx,
  token: string,
  draft: Omit<z.output<typeof CreateAppToken>, 'apps'>,
  apps: readonly (string | number)[],
): Promise<NewAppToken> {
  const owner = userIdOf(ctx.actor);
  await assertRoom(ctx, owner);
  const granted = await usableApps(ctx, apps);
  const now = new Date(ctx.clock.now());
  const values = { hash: hashOfToken(token), shown: shownOf(token), createdBy: owner, createdAt: now, updatedAt: now };
  const [row] = await ctx.db
    .insert(appTokens)
    .values({ id: newId(), ...storableJson(draft), ...values })
    .returning();
  if (!row) throw new DomainError('internal', say('wentWrong', { request: ctx.requestId }));
  await grant(ctx, row.id, granted);
  ctx.audit({ id: row.id, details: { description: row.description, apps: granted } });
  await logOperation(ctx, {
    action: 'create_token',
    targetType: 'Token',
    targetId: row.num,
    details: { description: row.description },
  });
  ctx.emit({ type: 'app-token.changed', id: row.id, owner });
  return { ...toToken(ctx, row, granted), token };
}

export const updateAppToken = verb(
  { name: 'app-token.configure', access: 'write', input: UpdateAppToken },
  async (ctx, { id, patch }): Promise<AppToken> => {
    const row = await requireToken(ctx, id, 'app-token.configure');
    const changed = Object.entries(patch).filter(([, value]) => value !== undefined);
    const updatedAt = new Date(ctx.clock.now());
    const [next] = await ctx.db
      .update(appTokens)
      .set({ ...storableJson(Object.fromEntries(changed)), updatedAt })
      .where(eq(appTokens.id, row.id))
      .returning();
    const names = changed.map(([name]) => name);
    ctx.audit({ id: row.id, details: { changed: names } });
    await logOperation(ctx, {
      action: 'update_token',
      targetType: 'Token',
      targetId: row.num,
      details: { changed: names },
    });
    ctx.emit({ type: 'app-token.changed', id: row.id, owner: row.createdBy });
    return await withItsApps(ctx, next ?? row);
  },
);

/** Says which apps a token may call, in place of those that it might before. */
export const setTokenApps = verb(
  { name: 'app-token.configure', access: 'write', input: SetTokenApps },
  async (ctx, { id, apps }): Promise<AppToken> => {
    const row = await requireToken(ctx, id, 'app-token.configure');
    const before = await ctx.db.select().from(appGrants).where(eq(appGrants.tokenId, row.id)).for('update');
    const granted = await usableApps(ctx, apps, new Set(before.map(({ appId }) => appId)));
    await ctx.db.delete(appGrants).where(eq(appGrants.tokenId, row.id));
    await grant(ctx, row.id, granted);
    ctx.audit({ id: row.id, details: { apps: granted } });
    await logOperation(ctx, {
      action: 'update_token_apps',
      targetType: 'Token',
      targetId: row.num,
      details: { app_ids: apps },
    });
    ctx.emit({ type: 'app-token.changed', id: row.id, owner: row.createdBy });
    return toToken(ctx, row, granted);
  },
);

export const removeAppToken = verb(
  { name: 'app-token.configure', access: 'write', input: AppTokenById },
  async (ctx, { id }): Promise<{ id: string }> => {
    const row = await requireToken(ctx, id, 'app-token.configure');
    await ctx.db.delete(appTokens).where(eq(appTokens.id, row.id));
    ctx.audit({ id: row.id, details: { description: row.description, removed: true } });
    await logOperation(ctx, {
      action: 'delete_token',
      targetType: 'Token',
      targetId: row.num,
      details: { description: row.description },
    });
    ctx.emit({ type: 'app-token.changed', id: row.id, owner: row.createdBy });
    return { id: row.id };
  },
);

/** Ids of apps that the actor may use; those that the token has already stay without asking. */
async function usableApps(
  ctx: Ctx,
  refs: readonly (string | number)[],
  kept: ReadonlySet<string> = new Set(),
): Promise<string[]> {
  const ids = new Set<string>();
  for (const ref of new Set(refs)) {
    const app = await findApp(ctx.db, ref);
    const absent = invalidField('apps', say('noApp', { app: String(ref) }));
    if (!app) throw absent;
    if (!kept.has(app.id)) requireRight(ctx, 'app.use', appResource(app), () => absent);
    ids.add(app.id);
  }
  return [...ids];
}

async function grant(ctx: Ctx, tokenId: string, apps: readonly string[]): Promise<void> {
  if (apps.length > 0) await ctx.db.insert(appGrants).values(apps.map((appId) => ({ tokenId, appId })));
}

/** Counts with the owner's row locked, so that tokens made at once count each other. */
async function assertRoom(ctx: VerbCtx, userId: string | null): Promise<void> {
  if (userId === null) return;
  await lockUser(ctx.db, userId);
  const owned = await ctx.db.$count(appTokens, eq(appTokens.createdBy, userId));
  if (owned >= mostPerPerson) throw new DomainError('limit_exceeded', say('appTokensFull', { count: owned }));
}
