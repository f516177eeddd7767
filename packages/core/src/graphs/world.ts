import { inArray, or } from 'drizzle-orm';
import { referencesOf, type Graph, type GraphWorld } from '@switchboard/agents/graphs';
import { tables } from '@switchboard/db';
import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { modelResource, seenModels } from '../models/queries.ts';
import { serverResource } from '../servers/queries.ts';
import { configOf, usableGraphs } from './queries.ts';

/** Graphs within graphs, the outermost included. */
const mostDepth = 8;
/** Graphs of one level that are looked up. */
const mostGraphs = 1_000;
/** The most servers that one graph may name; further ones count as missing. */
const mostServers = 1_000;
const looks = ['server.read', 'server.use'] as const;

/** Graphs that a graph refers to, directly or not, as far as the actor may run them. */
async function subgraphsOf(ctx: Ctx, graph: Graph): Promise<Map<string, Graph>> {
  const found = new Map<string, Graph>();
  let wanted = referencesOf(graph).subgraphs;
  for (let depth = 0; depth < mostDepth && wanted.length > 0; depth += 1) {
    const rows = await usableGraphs(ctx, wanted.slice(0, mostGraphs));
    const configs = rows.map(configOf);
    for (const config of configs) found.set(config.name, config);
    wanted = configs.flatMap((config) => referencesOf(config).subgraphs).filter((name) => !found.has(name));
  }
  return found;
}

/** Which of these servers there are, and whether they are connected; a name that several have is none here. */
async function serversOf(ctx: Ctx, names: readonly string[]): Promise<Map<string, 'connected' | 'disconnected'>> {
  const { servers } = tables;
  const wanted = names.slice(0, mostServers);
  if (wanted.length === 0) return new Map();
  const rows = await ctx.db
    .select()
    .from(servers)
    .where(or(inArray(servers.id, wanted), inArray(servers.name, wanted)));
  const seen = rows.filter((row) => looks.some((action) => may(ctx, action, serverResource(row))));
  const byId = new Map(seen.map((row) => [row.id, row]));
  const byName = Map.groupBy(seen, ({ name }) => name);
  return new Map(
    wanted.flatMap((name) => {
      const named = byName.get(name) ?? [];
      const row = byId.get(name) ?? (named.length === 1 ? named[0] : undefined);
      if (!row) return [];
      const isRunning = ctx.hub.runtime.status(row.id)?.phase === 'running';
      const isKnown = isRunning || ctx.hub.runtime.catalog(row.id) !== null;
      return [[name, isKnown ? ('connected' as const) : ('disconnected' as const)] as const];
    }),
  );
}

/** The other graphs, models and servers that a graph can refer to, as this actor sees them. */
export async function worldOf(ctx: Ctx, graph: Graph): Promise<GraphWorld> {
  const subgraphs = await subgraphsOf(ctx, graph);
  const graphs = [graph, ...subgraphs.values()];
  const usable = (await seenModels(ctx)).filter((row) => may(ctx, 'model.use', modelResource(row)));
  const models = new Set(usable.flatMap(({ id, name }) => [id, name]));
  const names = new Set(graphs.flatMap((each) => referencesOf(each).servers));
  const servers = await serversOf(ctx, [...names]);
  return {
    subgraph: (name) => (name === graph.name ? graph : subgraphs.get(name)),
    hasModel: (name) => models.has(name),
    server: (name) => servers.get(name),
  };
}
