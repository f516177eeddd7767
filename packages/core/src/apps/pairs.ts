import { and, asc, desc, eq, inArray, isNotNull } from 'drizzle-orm';
import type { SimulatedAction } from '@switchboard/agents/simulator';
import { isObject } from '@switchboard/basics';
import { tables } from '@switchboard/db';
import { requireRight } from '../access/require.ts';
import { visible } from '../calls/queries.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { newId } from '../secrets.ts';
import { requireServer, serverResource } from '../servers/queries.ts';
import { storableJson } from '../storable.ts';
import { verb, type VerbCtx } from '../verb.ts';
import { lockApp, requireApp } from './queries.ts';
import type { AppRow } from './rows.ts';
import { AddPairs, AppById, PairsOfCalls, RecordedPair, RemovePairs, type AppPair } from './schema.ts';
import { changedAt, sightOf } from './sight.ts';
import { storedActions } from './stored.ts';

const { apps, appPairs, callRecords } = tables;
const mostPairs = 10_000;
/** Ways to answer of one action. */
const mostAnswers = 4;

/** The recorded calls of an app, the first ones first. */
export const listPairs = verb(
  { name: 'app.configure', access: 'read', input: AppById },
  async (ctx, { id }): Promise<AppPair[]> => {
    const app = await requireApp(ctx, id, 'app.configure');
    const rows = await ctx.db
      .select()
      .from(appPairs)
      .where(eq(appPairs.appId, app.id))
      .orderBy(asc(appPairs.createdAt), asc(appPairs.id));
    return rows.map(({ appId: _appId, ...pair }) => pair);
  },
);

/**
 * Calls of a server that history kept whole, to be looked through before they are recorded: the newest of each tool and
 * arguments. Secrets are masked in them already.
 */
export const pairsOfCalls = verb(
  { name: 'app.create', access: 'read', input: PairsOfCalls },
  async (ctx, { server, limit }): Promise<{ pairs: RecordedPair[]; left: number }> => {
    const row = await requireServer(ctx, server);
    requireRight(ctx, 'server.configure', serverResource(row));
    // As in history: what others called, and with what, admins alone see.
    const { owner, rest } = visible(ctx);
    await ctx.hub.flushCalls();
    const calls = await ctx.db
      .select({ name: callRecords.name, arguments: callRecords.arguments, result: callRecords.result })
      .from(callRecords)
      .where(
        and(
          owner,
          rest,
          eq(callRecords.serverId, row.id),
          eq(callRecords.method, 'tools/call'),
          isNotNull(callRecords.result),
        ),
      )
      .orderBy(desc(callRecords.startedAt), desc(callRecords.id))
      .limit(5 * limit);
    const byCall = new Map<string, RecordedPair>();
    let left = 0;
    for (const call of calls) {
      const parsed = RecordedPair.safeParse({
        action: call.name,
        arguments: call.arguments ?? {},
        result: call.result,
      });
      const key = JSON.stringify([call.name, call.arguments]);
      if (!parsed.success || isCut(call)) left += 1;
      else if (!byCall.has(key) && byCall.size < limit) byCall.set(key, parsed.data);
    }
    return { pairs: [...byCall.values()], left };
  },
);

/**
 * History ends long texts with how long they were, deep values with dots, and has only the beginning of what is too
 * large: such a call is not whole.
 */
function isCut(call: { arguments: unknown; result: unknown }): boolean {
  const parts = [call.arguments, call.result];
  if (parts.some((part) => isObject(part) && part['cut'] === true && typeof part['characters'] === 'number'))
    return true;
  return /… \(\d+ characters\)"|"…"/.test(JSON.stringify(parts));
}

export const addPairs = verb(
  { name: 'app.configure', access: 'write', input: AddPairs },
  async (ctx, { id, pairs, preferred }): Promise<{ added: number }> => {
    const app = await lockApp(ctx, (await requireApp(ctx, id, 'app.configure')).id);
    const count = await ctx.db.$count(appPairs, eq(appPairs.appId, app.id));
    if (count + pairs.length > mostPairs)
      throw new DomainError('limit_exceeded', say('pairsFull', { most: mostPairs }));
    const createdAt = new Date(ctx.clock.now());
    const rows = pairs.map((pair) => ({ ...storableJson(pair), id: newId(), appId: app.id, createdAt }));
    await ctx.db.insert(appPairs).values(rows);
    ctx.audit({ id: app.id, details: { recorded: pairs.length } });
    await touch(ctx, app, preferred ? { actions: preferring(app, new Set(pairs.map(({ action }) => action))) } : {});
    return { added: pairs.length };
  },
);

/** The actions of an app; those that are named answer with their recorded calls before anything else. */
function preferring(app: AppRow, named: ReadonlySet<string>): SimulatedAction[] {
  return storedActions(app.actions).map((action) => {
    if (!named.has(action.name)) return action;
    const others = action.answers.filter(({ mode }) => mode !== 'replay');
    // Without any answer a model is asked, where there is one: that stays what comes next.
    const next = action.answers.length === 0 ? [{ mode: 'model' as const, model: null, cache: false }] : others;
    return { ...action, answers: [{ mode: 'replay' as const }, ...next].slice(0, mostAnswers) };
  });
}

/** Removes the named pairs of an app, or all. */
export const removePairs = verb(
  { name: 'app.configure', access: 'write', input: RemovePairs },
  async (ctx, { id, pairs }): Promise<{ removed: number }> => {
    const app = await lockApp(ctx, (await requireApp(ctx, id, 'app.configure')).id);
    const named = pairs === undefined ? undefined : inArray(appPairs.id, pairs);
    const removed = await ctx.db
      .delete(appPairs)
      .where(and(eq(appPairs.appId, app.id), named))
      .returning({ id: appPairs.id });
    ctx.audit({ id: app.id, details: { recordingsRemoved: removed.length } });
    await touch(ctx, app);
    return { removed: removed.length };
  },
);

/** Compiles the app again before its next call. */
async function touch(ctx: VerbCtx, row: AppRow, change: { actions?: SimulatedAction[] } = {}): Promise<void> {
  const updatedAt = changedAt(ctx.clock.now(), row);
  await ctx.db
    .update(apps)
    .set({ ...change, updatedAt })
    .where(eq(apps.id, row.id));
  ctx.emit({ type: 'app.changed', id: row.id, sights: [sightOf(row)] });
}
