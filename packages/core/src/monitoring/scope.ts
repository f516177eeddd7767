import { may, requireRight } from '../access/require.ts';
import { userIdOf } from '../actor.ts';
import { ownerOfKey, userIdOfName } from '../audit/names.ts';
import type { Ctx } from '../context.ts';
import { invalidField } from '../errors.ts';
import { requireGroup } from '../groups/queries.ts';
import { findModel, absentModel, modelResource } from '../models/queries.ts';
import { say } from '../reasons.ts';
import { loadServers, requireServer, serverResource } from '../servers/queries.ts';
import type { MetricFilters } from './schema.ts';
import { everything, type Dimension, type SeriesOf } from './series/read.ts';

/** The figures that a caller may count: series of calls and of turns, or single calls that several filters narrow. */
export interface Scope {
  calls: SeriesOf | { narrowed: Partial<Record<Dimension, string>> } | null;
  /** Null: turns are not counted so. */
  turns: SeriesOf | null;
  /** The gauges that belong to it. */
  measures: 'hub' | { server: string } | null;
}

type Filter = keyof MetricFilters;

/** A caller with the right to the hub's figures or everybody's calls may read anybody's; others their own. */
function requireCaller(ctx: Ctx, userId: string | null, keyId: string | null): void {
  if (may(ctx, 'metrics.read') || may(ctx, 'call.read', { type: 'call', userId, keyId })) return;
  requireRight(ctx, 'metrics.read');
}

/** The tool as it is counted. */
async function toolOf(ctx: Ctx, tool: string, server: string | undefined): Promise<string> {
  if (server !== undefined) return `${(await requireServer(ctx, server)).id}/${tool}`;
  const [, id = tool, name = ''] = /^(.+?)(?:\/|__)(.*)$/s.exec(tool) ?? [];
  return `${(await requireServer(ctx, id)).id}/${name}`;
}

/** The value of a filter as it is counted, where the actor may count by it. */
async function valueOf(ctx: Ctx, filter: Filter, given: string, server: string | undefined): Promise<string> {
  switch (filter) {
    case 'server':
      return (await requireServer(ctx, given)).id;
    case 'tool':
      return await toolOf(ctx, given, server);
    case 'group':
      return (await requireGroup(ctx, may(ctx, 'metrics.read') ? 'group.read' : 'group.use', given)).id;
    case 'user': {
      const userId = await userIdOfName(ctx, given);
      requireCaller(ctx, userId, null);
      return userId;
    }
    case 'key':
      requireCaller(ctx, await ownerOfKey(ctx, given), given);
      return given;
    case 'model': {
      const model = await findModel(ctx.db, given);
      if (!model) throw absentModel(given);
      requireRight(ctx, 'model.read', modelResource(model), () => absentModel(given));
      if (!may(ctx, 'model.configure', modelResource(model))) requireRight(ctx, 'metrics.read');
      return model.id;
    }
  }
}

/** Without a filter: everything, or the servers that the actor sees and the tokens it used itself. */
async function wholeScope(ctx: Ctx): Promise<Scope> {
  if (may(ctx, 'metrics.read')) return { calls: everything, turns: everything, measures: 'hub' };
  const own = userIdOf(ctx.actor);
  const isOwn = own !== null && may(ctx, 'call.read', { type: 'call', userId: own, keyId: null });
  return {
    calls: { dimension: 'server', values: [...(await seenServerIds(ctx))] },
    turns: { dimension: 'user', values: isOwn ? [own] : [] },
    measures: null,
  };
}

/** Ids of the servers that the actor sees. */
export async function seenServerIds(ctx: Ctx): Promise<Set<string>> {
  const rows = await loadServers(ctx.db);
  return new Set(rows.filter((row) => may(ctx, 'server.read', serverResource(row))).map(({ id }) => id));
}

/** The scope of a request that the actor may read; an object that it may not see is absent. */
export async function scopeOf(ctx: Ctx, filters: MetricFilters): Promise<Scope> {
  const asked = Object.entries(filters).filter(([, value]) => value !== undefined) as [Filter, string][];
  if (asked.length === 0) return await wholeScope(ctx);
  if (filters.model !== undefined && asked.length > 1) throw invalidField('model', say('modelAlone'));
  const narrowed: Partial<Record<Dimension, string>> = {};
  for (const [filter, value] of asked) narrowed[filter] = await valueOf(ctx, filter, value, filters.server);
  // A tool is of one server already.
  if (narrowed.tool !== undefined) delete narrowed.server;
  const [only, ...more] = Object.entries(narrowed) as [Filter, string][];
  if (!only || more.length > 0) return { calls: { narrowed }, turns: null, measures: null };
  const [dimension, value] = only;
  const series = { dimension, values: [value] };
  return {
    calls: dimension === 'model' ? null : series,
    turns: dimension === 'model' || dimension === 'user' || dimension === 'key' ? series : null,
    measures: dimension === 'server' ? { server: value } : null,
  };
}
