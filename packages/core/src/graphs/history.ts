import { stringify } from 'yaml';
import { checkGraph, graphConfig, withLevels } from '@switchboard/agents/graphs';
import { mapReason } from '../reasons.ts';
import { storableJson } from '../storable.ts';
import { verb } from '../verb.ts';
import { diffTexts } from '../versions/diff.ts';
import { listVersions, mostVersions, requireReferences, requireVersion } from '../versions/versions.ts';
import { whyOf } from './problems.ts';
import { lockGraph, requireGraph } from './queries.ts';
import { DiffGraph, GraphById, RestoreGraph, type GraphDetail, type GraphDiff, type GraphVersions } from './schema.ts';
import { store, versionedGraph } from './store.ts';
import { detailOf } from './verbs.ts';
import { worldOf } from './world.ts';

/** Lists the versions of a graph, newest first. */
export const listGraphVersions = verb(
  { name: 'graph.read', access: 'read', input: GraphById },
  async (ctx, { id }): Promise<GraphVersions> => {
    const row = await requireGraph(ctx, id);
    return { versions: await listVersions(ctx, versionedGraph(row)), most: mostVersions };
  },
);

/** A version as text, its fields in the order of the schema. */
function textOf(snapshot: Record<string, unknown>): string {
  const { success, data } = graphConfig.safeParse(snapshot);
  return stringify(success ? data : snapshot, { lineWidth: 0 });
}

/** The difference between two versions of a graph, as lines of YAML. */
export const diffGraphVersions = verb(
  { name: 'graph.read', access: 'read', input: DiffGraph },
  async (ctx, { id, from, to }): Promise<GraphDiff> => {
    const entity = versionedGraph(await requireGraph(ctx, id));
    const [before, after] = [await requireVersion(ctx, entity, from), await requireVersion(ctx, entity, to)];
    return { config: diffTexts(textOf(before.snapshot), textOf(after.snapshot)) };
  },
);

/** Restores a version of a graph; it keeps its name. Running runs keep the graph they started with. */
export const restoreGraph = verb(
  { name: 'graph.configure', access: 'write', input: RestoreGraph },
  async (ctx, { id, number }): Promise<GraphDetail> => {
    const found = await requireGraph(ctx, id, 'graph.configure');
    const before = await lockGraph(ctx, found.id);
    const { snapshot } = await requireVersion(ctx, versionedGraph(before), number);
    const config = { ...graphConfig.parse(snapshot), name: before.name };
    const { problems, warnings } = checkGraph(config, await worldOf(ctx, config));
    const gone = problems.map((problem) => ({
      field: 'nodes',
      why: mapReason(whyOf(problem), (text) => text.replace(/\.$/, '')),
    }));
    requireReferences(number, gone);
    const row = await store(ctx, before, { config: storableJson({ ...withLevels(config) }) }, number);
    ctx.audit({ id: row.id, details: { name: row.name, restored: number } });
    return await detailOf(ctx, row, warnings);
  },
);
