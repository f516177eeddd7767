import { and, asc, eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { newId } from '../secrets.ts';
import { storableJson } from '../storable.ts';
import { verb, type VerbCtx } from '../verb.ts';
import { forgetCalls } from './calls.ts';
import { requireToken } from './queries.ts';
import type { AppTokenRow } from './rows.ts';
import { AppTokenById, SetAppState, SnapshotByName, type AppState } from './schema.ts';

const { appTokens, appSnapshots } = tables;
const mostSnapshots = 50;

/** The state that calls with a token have changed, and its stored snapshots. */
export const appState = verb(
  { name: 'app-token.read', access: 'read', input: AppTokenById },
  async (ctx, { id }): Promise<AppState> => {
    const row = await requireToken(ctx, id);
    const snapshots = await ctx.db
      .select({ name: appSnapshots.name, createdAt: appSnapshots.createdAt })
      .from(appSnapshots)
      .where(eq(appSnapshots.tokenId, row.id))
      .orderBy(asc(appSnapshots.createdAt), asc(appSnapshots.name));
    return { state: row.state ?? {}, version: row.stateVersion, snapshots };
  },
);

async function put(ctx: VerbCtx, row: AppTokenRow, state: Record<string, unknown> | null): Promise<void> {
  const mine = eq(appTokens.id, row.id);
  const [now] = await ctx.db.select({ version: appTokens.stateVersion }).from(appTokens).where(mine).for('update');
  await ctx.db
    .update(appTokens)
    .set({ state: state && storableJson(state), stateVersion: (now?.version ?? 0) + 1 })
    .where(mine);
  ctx.emit({ type: 'app-state.changed', id: row.id, owner: row.createdBy });
}

/** Puts another state in its place; null = what the apps begin with. */
export const setAppState = verb(
  { name: 'app-token.configure', access: 'write', input: SetAppState },
  async (ctx, { id, state }): Promise<void> => {
    const row = await requireToken(ctx, id, 'app-token.configure');
    ctx.audit({ id: row.id, details: { state: state === null ? 'reset' : 'set' } });
    await put(ctx, row, state);
  },
);

/** Puts the state aside under a name; one of that name is replaced. */
export const takeSnapshot = verb(
  { name: 'app-token.configure', access: 'write', input: SnapshotByName },
  async (ctx, { id, name }): Promise<void> => {
    const row = await requireToken(ctx, id, 'app-token.configure');
    const state = row.state ?? {};
    await requireRoom(ctx, row.id, name);
    const createdAt = new Date(ctx.clock.now());
    await ctx.db
      .insert(appSnapshots)
      .values({ id: newId(), tokenId: row.id, name, state, createdAt })
      .onConflictDoUpdate({ target: [appSnapshots.tokenId, appSnapshots.name], set: { state, createdAt } });
    ctx.audit({ id: row.id, details: { snapshot: name } });
    ctx.emit({ type: 'app-state.changed', id: row.id, owner: row.createdBy });
  },
);

async function requireRoom(ctx: Ctx, tokenId: string, name: string): Promise<void> {
  const rows = await ctx.db
    .select({ name: appSnapshots.name })
    .from(appSnapshots)
    .where(eq(appSnapshots.tokenId, tokenId));
  if (rows.length < mostSnapshots || rows.some((one) => one.name === name)) return;
  throw new DomainError('limit_exceeded', say('snapshotsFull', { count: rows.length }));
}

function named(tokenId: string, name: string) {
  return and(eq(appSnapshots.tokenId, tokenId), eq(appSnapshots.name, name));
}

/** Brings a state back that was put aside. */
export const restoreSnapshot = verb(
  { name: 'app-token.configure', access: 'write', input: SnapshotByName },
  async (ctx, { id, name }): Promise<void> => {
    const row = await requireToken(ctx, id, 'app-token.configure');
    const [kept] = await ctx.db.select().from(appSnapshots).where(named(row.id, name));
    if (!kept) throw new DomainError('not_found', say('noSnapshot', { name }), { value: name });
    ctx.audit({ id: row.id, details: { restored: name } });
    await put(ctx, row, kept.state);
  },
);

export const removeSnapshot = verb(
  { name: 'app-token.configure', access: 'write', input: SnapshotByName },
  async (ctx, { id, name }): Promise<void> => {
    const row = await requireToken(ctx, id, 'app-token.configure');
    const removed = await ctx.db.delete(appSnapshots).where(named(row.id, name)).returning({ id: appSnapshots.id });
    if (removed.length === 0) throw new DomainError('not_found', say('noSnapshot', { name }), { value: name });
    ctx.audit({ id: row.id, details: { forgotten: name } });
    ctx.emit({ type: 'app-state.changed', id: row.id, owner: row.createdBy });
  },
);

/** Resets the calls of a token. */
export const forgetTokenCalls = verb(
  { name: 'app-token.configure', access: 'write', input: AppTokenById, tx: false },
  async (ctx, { id }): Promise<void> => {
    const row = await requireToken(ctx, id, 'app-token.configure');
    ctx.audit({ id: row.id, details: { calls: 'forgotten' } });
    await forgetCalls(ctx, row);
  },
);
