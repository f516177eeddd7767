import { may, requireRight } from '../access/require.ts';
import { userIdOf } from '../actor.ts';
import { userNames } from '../audit/names.ts';
import type { Ctx } from '../context.ts';
import { loadModels, modelResource } from '../models/queries.ts';
import { verb } from '../verb.ts';
import { spanOf } from './metrics.ts';
import { ReadTop, type Top, type TopEntry } from './schema.ts';
import { seenServerIds } from './scope.ts';
import { figuresOf } from './series/figures.ts';
import { readValues } from './series/read.ts';

type Kind = (typeof ReadTop)['shape']['by']['options'][number];

/** Which values of a kind the actor may see; null: every one. */
async function seenOf(ctx: Ctx, by: Kind): Promise<((value: string) => boolean) | null> {
  switch (by) {
    case 'server':
    case 'tool': {
      // Those that are gone are for nobody: whatever has their id next may be somebody else's.
      const ids = await seenServerIds(ctx);
      return (value) => ids.has(by === 'server' ? value : value.slice(0, value.indexOf('/')));
    }
    case 'user': {
      if (may(ctx, 'metrics.read')) return null;
      const own = userIdOf(ctx.actor);
      const isOwn = own !== null && may(ctx, 'call.read', { type: 'call', userId: own, keyId: null });
      if (!isOwn) requireRight(ctx, 'metrics.read');
      return (value) => value === own;
    }
    case 'model': {
      const right = may(ctx, 'metrics.read') ? 'model.read' : 'model.configure';
      const models = (await loadModels(ctx.db)).filter((row) => may(ctx, right, modelResource(row)));
      const ids = new Set(models.map(({ id }) => id));
      return (value) => ids.has(value);
    }
  }
}

async function namesOf(ctx: Ctx, by: Kind, values: string[]): Promise<ReadonlyMap<string, string>> {
  if (by === 'user') return await userNames(ctx, values);
  if (by !== 'model') return new Map();
  return new Map((await loadModels(ctx.db)).map(({ id, name }) => [id, name]));
}

/** The servers, tools, people or models with the slowest and the most failing calls, and those with most of all. */
export const readTop = verb(
  { name: 'monitoring.read', access: 'read', input: ReadTop },
  async (ctx, input): Promise<Top> => {
    const { by, limit, ...times } = input;
    const sees = await seenOf(ctx, by);
    await ctx.hub.flushCalls();
    const span = spanOf(ctx, times);
    const found = [...(await readValues(ctx.db, { dimension: by, values: null }, span, ctx.clock.now()))];
    const seen = found.filter(([value]) => sees === null || sees(value));
    const names = await namesOf(
      ctx,
      by,
      seen.map(([value]) => value),
    );
    const entries = seen.map(([value, counts]): TopEntry => {
      const { requests, errors, toolErrors, errorRate, avgMs, p95Ms, tokens } = figuresOf(counts);
      return { value, name: names.get(value) ?? null, requests, errors, toolErrors, errorRate, avgMs, p95Ms, tokens };
    });
    function first(of: (entry: TopEntry) => number): TopEntry[] {
      const sorted = entries.toSorted(
        (a, b) => of(b) - of(a) || b.requests - a.requests || (a.value < b.value ? -1 : 1),
      );
      return sorted.filter((entry) => of(entry) > 0).slice(0, limit);
    }
    return {
      slowest: first(({ p95Ms }) => p95Ms ?? 0),
      failing: first(({ errors, toolErrors }) => errors + toolErrors),
      busiest: first(({ requests, tokens }) => (by === 'model' ? tokens : requests)),
    };
  },
);
