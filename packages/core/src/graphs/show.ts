import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import type { Server } from '../servers/schema.ts';
import { freeSlug, seenShowing, serverNameOf } from '../servers/shown.ts';
import { createServer } from '../servers/verbs.ts';
import { verb } from '../verb.ts';
import { configOf, requireGraph } from './queries.ts';
import { ShowGraph } from './schema.ts';

/** A run may take an hour, and clients need not ask for signs of it. */
const longestCallMs = 3_600_000;

/**
 * Creates a server for the graph, owned by the actor, with one tool that runs it. Groups, limits and records apply as
 * to any other; a caller needs the graph to be open to it, and the run has that caller's rights.
 */
export const showGraph = verb(
  { name: 'graph.use', access: 'write', input: ShowGraph },
  async (ctx, { id, visibility }): Promise<Server> => {
    const graph = await requireGraph(ctx, id, 'graph.use');
    const shown = await seenShowing(ctx, { graph: graph.id });
    if (shown !== null)
      throw new DomainError('conflict', say('graphShown', { server: shown }), { conflictingResourceId: shown });
    ctx.audit({ id: graph.id, details: { name: graph.name, shown: true } });
    return await createServer(ctx, {
      id: await freeSlug(ctx, [graph.name], 'graph'),
      name: serverNameOf(graph.name),
      description: configOf(graph).description.slice(0, 1_000),
      kind: 'graph',
      graph: graph.id,
      limits: { callTimeoutMs: longestCallMs, maxCallMs: longestCallMs },
      ...(visibility !== undefined && { visibility }),
    });
  },
);
