import { referencesOf, type Graph, type GraphWorld } from '@switchboard/agents/graphs';
import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { isDomainError } from '../errors.ts';
import { modelResource, seenModels } from '../models/queries.ts';
import { findServer } from '../servers/queries.ts';
import { configOf, usableGraphs } from './queries.ts';

/** Graphs within graphs, the outermost included. */
const mostDepth = 8;

/** Graphs that a graph refers to, directly or not, as far as the actor may run them. */
async function subgraphsOf(ctx: Ctx, graph: Graph): Promise<Map<string, Graph>> {
  const found = new Map<string, Graph>();
  let wanted = referencesOf(graph).subgraphs;
  for (let depth = 0; depth < mostDepth && wanted.length > 0; depth += 1) {
    const rows = await usableGraphs(
      ctx,
      wanted.filter((name) => !found.has(name)),
    );
    const configs = rows.map(configOf);
    for (const config of configs) found.set(config.name, config);
    wanted = configs.flatMap((config) => referencesOf(config).subgraphs).filter((name) => !found.has(name));
  }
  return found;
}

async function serverState(ctx: Ctx, name: string): Promise<'connected' | 'disconnected' | undefined> {
  // A name that several have is none here.
  const row = await findServer(ctx, name, ['server.read', 'server.use']).catch((error: unknown) => {
    if (isDomainError(error)) return null;
    throw error;
  });
  if (!row) return undefined;
  const status = ctx.hub.runtime.status(row.id);
  return status?.phase === 'running' || ctx.hub.runtime.catalog(row.id) !== null ? 'connected' : 'disconnected';
}

/** What there is around a graph for this actor: other graphs, models, servers. */
export async function worldOf(ctx: Ctx, graph: Graph): Promise<GraphWorld> {
  const subgraphs = await subgraphsOf(ctx, graph);
  const graphs = [graph, ...subgraphs.values()];
  const usable = (await seenModels(ctx)).filter((row) => may(ctx, 'model.use', modelResource(row)));
  const models = new Set(usable.flatMap(({ id, name }) => [id, name]));
  const names = new Set(graphs.flatMap((each) => referencesOf(each).servers));
  const servers = new Map<string, Awaited<ReturnType<typeof serverState>>>();
  for (const name of names) servers.set(name, await serverState(ctx, name));
  return {
    subgraph: (name) => (name === graph.name ? graph : subgraphs.get(name)),
    hasModel: (name) => models.has(name),
    server: (name) => servers.get(name),
  };
}
