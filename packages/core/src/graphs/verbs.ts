import { isDeepStrictEqual } from 'node:util';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import {
  checkGraph,
  readmeOf,
  renameSubgraph,
  scriptsOf,
  withLevels,
  type Graph,
  type GraphProblem,
} from '@switchboard/agents/graphs';
import { tables } from '@switchboard/db';
import { may, requireRight } from '../access/require.ts';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { atField, DomainError, invalidField } from '../errors.ts';
import { nameKeyOf } from '../models/queries.ts';
import { say } from '../reasons.ts';
import { newId } from '../secrets.ts';
import { removeShowing, serversOf } from '../servers/shown.ts';
import { storableJson } from '../storable.ts';
import { lockUser } from '../users/queries.ts';
import { inTransaction, verb, type VerbCtx } from '../verb.ts';
import { recordVersion, removeVersions } from '../versions/versions.ts';
import { requireName } from './names.ts';
import { toTold, whyOf } from './problems.ts';
import {
  configOf,
  findByKey,
  graphResource,
  loadGraphs,
  lockGraph,
  requireGraph,
  seenGraphs,
  sightOf,
} from './queries.ts';
import type { GraphRow } from './rows.ts';
import {
  CheckGraph,
  GraphById,
  GraphScripts,
  RenameGraph,
  SaveGraph,
  ShareGraph,
  type GraphChecked,
  type GraphDetail,
  type GraphItem,
} from './schema.ts';
import { store, versionedGraph, versionOf } from './store.ts';
import { toItem, toItems } from './view.ts';
import { worldOf } from './world.ts';

const { graphs, groupGraphs } = tables;
const mostPerPerson = 1_000;

/** The graphs that the actor sees, by name. */
export const listGraphs = verb(
  { name: 'graph.read', access: 'read', input: z.object({}) },
  async (ctx): Promise<GraphItem[]> => toItems(ctx, await seenGraphs(ctx)),
);

export async function detailOf(ctx: Ctx, row: GraphRow, warnings?: GraphProblem[]): Promise<GraphDetail> {
  const config = configOf(row);
  const told = warnings ?? problemsOf(checkGraph(config, await worldOf(ctx, config)));
  return { ...(await toItem(ctx, row)), config, warnings: told.map(toTold) };
}

/** A graph that was valid when it was saved may be invalid by now: both kinds of problems are listed. */
function problemsOf({ problems, warnings }: ReturnType<typeof checkGraph>): GraphProblem[] {
  return [...problems, ...warnings];
}

/** By id, else by name. */
export const getGraph = verb(
  { name: 'graph.read', access: 'read', input: GraphById },
  async (ctx, { id }): Promise<GraphDetail> => detailOf(ctx, await requireGraph(ctx, id)),
);

/** The problems of a graph that is being drawn. */
export const checkDraft = verb(
  { name: 'graph.create', access: 'read', input: CheckGraph },
  async (ctx, { config }): Promise<GraphChecked> => {
    const { problems, warnings } = checkGraph(config, await worldOf(ctx, config));
    const levels = withLevels(config).nodes.map(({ name, level }) => [name, level ?? 0] as const);
    return { problems: problems.map(toTold), warnings: warnings.map(toTold), levels: Object.fromEntries(levels) };
  },
);

/** Makes a graph, or replaces the one of its name. Throws `invalid` with the first thing that is wrong with it. */
export const saveGraph = verb(
  { name: 'graph.create', access: 'write', input: SaveGraph },
  async (ctx, input): Promise<GraphDetail> => {
    const { row, warnings } = await storeGraph(ctx, input);
    return await detailOf(ctx, row, warnings);
  },
);

/** Makes a graph, or replaces the one of its name, within a verb. */
export async function storeGraph(
  ctx: VerbCtx,
  { config, replace }: z.output<typeof SaveGraph>,
): Promise<{ row: GraphRow; warnings: GraphProblem[] }> {
  requireName(config.name);
  const found = await findByKey(ctx.db, config.name);
  if (found && (!replace || !may(ctx, 'graph.read', graphResource(found)))) throw taken(config.name);
  if (found) requireRight(ctx, 'graph.configure', graphResource(found));
  const { problems, warnings } = checkGraph(config, await worldOf(ctx, config));
  const [problem] = problems;
  if (problem) throw new DomainError('invalid', say('graphInvalid', { problem: whyOf(problem) }));
  const levelled = withLevels(config);
  const row = found ? await replaceConfig(ctx, found.id, levelled) : await insert(ctx, levelled);
  return { row, warnings };
}

async function insert(ctx: VerbCtx, config: Graph): Promise<GraphRow> {
  const createdBy = userIdOf(ctx.actor);
  await assertRoom(ctx, createdBy);
  const now = new Date(ctx.clock.now());
  const { name } = config;
  const values = {
    id: newId(),
    name,
    nameKey: nameKeyOf(name),
    config: storableJson({ ...config }),
    visibility: 'private' as const,
    createdBy,
    createdAt: now,
    updatedAt: now,
  };
  const made = await ctx.db.insert(graphs).values(values).onConflictDoNothing().returning({ id: graphs.id });
  // Another request made it in the meantime.
  if (made.length === 0) throw taken(name);
  const row: GraphRow = { ...values, groups: [] };
  await recordVersion(ctx, versionedGraph(row), versionOf(row));
  ctx.audit({ id: row.id, details: { name, nodes: config.nodes.length } });
  ctx.emit({ type: 'graph.changed', id: row.id, sights: [sightOf(row)] });
  return row;
}

async function replaceConfig(ctx: VerbCtx, id: string, config: Graph): Promise<GraphRow> {
  const before = await lockGraph(ctx, id);
  const stored = storableJson({ ...config, name: before.name });
  const isSame = isDeepStrictEqual(JSON.parse(JSON.stringify(stored)), before.config);
  ctx.audit({ id, details: { name: before.name, nodes: config.nodes.length, changed: isSame ? [] : ['config'] } });
  if (isSame) return before;
  return await store(ctx, before, { config: stored });
}

/** Counts with the owner's row locked, so that graphs made at once count each other. */
async function assertRoom(ctx: VerbCtx, userId: string | null): Promise<void> {
  if (userId === null) return;
  await lockUser(ctx.db, userId);
  const count = await ctx.db.$count(graphs, eq(graphs.createdBy, userId));
  if (count >= mostPerPerson) throw new DomainError('limit_exceeded', say('graphsFull', { count }));
}

function taken(name: string): DomainError {
  const why = say('graphExists', { name });
  return new DomainError('conflict', why, { ...atField('name', why), value: name });
}

/** Removes a graph with its versions and the server that shows it; runs of it stay, with the graph as they began with it. */
export const removeGraph = verb(
  { name: 'graph.configure', access: 'write', input: GraphById, tx: false },
  async (ctx, input): Promise<{ id: string; name: string }> => {
    const found = await requireGraph(ctx, input.id, 'graph.configure');
    const shown = await serversOf(ctx, { graph: found.id });
    const { id, name } = await inTransaction(ctx, async (inner) => {
      const row = await lockGraph(inner, found.id);
      await inner.db.delete(graphs).where(eq(graphs.id, row.id));
      await removeVersions(inner, versionedGraph(row));
      inner.audit({ id: row.id, details: { name: row.name, removed: true } });
      inner.emit({ type: 'graph.changed', id: row.id, sights: [sightOf(row)] });
      return row;
    });
    await removeShowing(ctx, shown, 'graph.removed');
    return { id, name };
  },
);

/** Gives a graph another name; graphs that refer to it, and that the actor may change, follow. */
export const renameGraph = verb(
  { name: 'graph.configure', access: 'write', input: RenameGraph },
  async (ctx, { id, name }): Promise<GraphItem> => {
    const found = await requireGraph(ctx, id, 'graph.configure');
    requireName(name);
    const before = await lockGraph(ctx, found.id);
    ctx.audit({ id: before.id, details: { name: before.name, newName: name } });
    if (name === before.name) return await toItem(ctx, before);
    const other = await findByKey(ctx.db, name);
    if (other && other.id !== before.id) throw taken(name);
    const config = storableJson({ ...before.config, name });
    const next = await store(ctx, before, { name, nameKey: nameKeyOf(name), config });
    await followName(ctx, before.name, name);
    return await toItem(ctx, next);
  },
);

async function followName(ctx: VerbCtx, from: string, to: string): Promise<void> {
  for (const row of await loadGraphs(ctx.db)) {
    const config = renameSubgraph(configOf(row), from, to);
    if (!config || !may(ctx, 'graph.configure', graphResource(row))) continue;
    const before = await lockGraph(ctx, row.id);
    await store(ctx, before, { config: storableJson({ ...config }) });
    ctx.audit({ id: row.id, details: { name: row.name, changed: ['config'] } });
  }
}

/** Says who else may look at a graph and run it. */
export const shareGraph = verb(
  { name: 'graph.configure', access: 'write', input: ShareGraph },
  async (ctx, { id, visibility, groups }): Promise<GraphItem> => {
    const found = await requireGraph(ctx, id, 'graph.configure');
    const before = await lockGraph(ctx, found.id);
    if (visibility === 'everyone' && before.visibility !== 'everyone') requireRight(ctx, 'server.publish');
    const given = visibility === 'group' ? [...new Set(groups)].toSorted() : [];
    for (const group of given.filter((one) => !before.groups.includes(one))) {
      const absent = invalidField('groups', say('groupNotSeen', { group }));
      if (!ctx.access.directory.group(group)) throw absent;
      requireRight(ctx, 'group.read', { type: 'group', id: group }, () => absent);
    }
    const next: GraphRow = { ...before, visibility, groups: given };
    await ctx.db.update(graphs).set({ visibility }).where(eq(graphs.id, before.id));
    await ctx.db.delete(groupGraphs).where(eq(groupGraphs.graphId, before.id));
    if (given.length > 0) {
      await ctx.db.insert(groupGraphs).values(given.map((groupId) => ({ groupId, graphId: before.id })));
    }
    ctx.audit({ id: before.id, details: { name: before.name, visibility, groups: given } });
    ctx.emit({ type: 'graph.changed', id: before.id, sights: [sightOf(before), sightOf(next)] });
    return await toItem(ctx, next);
  },
);

/** A description of a graph, as Markdown. */
export const graphReadme = verb(
  { name: 'graph.read', access: 'read', input: GraphById },
  async (ctx, { id }): Promise<{ name: string; config: Graph; readme: string }> => {
    const config = configOf(await requireGraph(ctx, id));
    return { name: config.name, config, readme: readmeOf(config) };
  },
);

/** Programs that serve a graph over stdio as an MCP server of one tool, by way of this hub. */
export const graphScripts = verb(
  { name: 'graph.read', access: 'read', input: GraphScripts },
  async (ctx, { id, baseUrl }): Promise<{ name: string; python: string; node: string }> => {
    const config = configOf(await requireGraph(ctx, id));
    return { name: config.name, ...scriptsOf(config, baseUrl) };
  },
);
