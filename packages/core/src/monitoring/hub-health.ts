import { statfs } from 'node:fs/promises';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { listEngines } from '../engines/verbs.ts';
import { loadServers, serverResource } from '../servers/queries.ts';
import { verb } from '../verb.ts';
import type { HubHealth, MetricName, ServerHealth } from './schema.ts';
import { seenServerIds } from './scope.ts';
import { currentFigures } from './series/figures.ts';
import { health } from './verbs.ts';

const Nothing = z.object({});
/** The smallest free share of the disk with the hub's data that counts as healthy. */
const leastFree = 0.05;

async function databaseHealth(ctx: Ctx): Promise<HubHealth['database']> {
  const begun = performance.now();
  const [row] = await ctx.db.execute<{ bytes: string }>(sql`select pg_database_size(current_database()) as bytes`);
  return { answeredMs: performance.now() - begun, bytes: may(ctx, 'metrics.read') ? Number(row?.bytes ?? 0) : null };
}

async function engineHealth(ctx: Ctx): Promise<HubHealth['engines']> {
  if (!may(ctx, 'engine.read')) return [];
  return (await listEngines(ctx, {})).map(({ name, state }) => ({ name, healthy: state.phase !== 'unreachable' }));
}

async function diskHealth({ policy }: Pick<Ctx, 'policy'>): Promise<HubHealth['disk']> {
  if (policy.dataDir === undefined) return null;
  const { bsize, bavail, blocks } = await statfs(policy.dataDir);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize, healthy: bavail > blocks * leastFree };
}

/**
 * The health of the hub itself. A caller without the right to its metrics gets the servers and engines that it sees and
 * no sizes; a missing database refuses the request.
 */
export const hubHealth = verb(
  { name: 'monitoring.read', access: 'read', input: Nothing },
  async (ctx): Promise<HubHealth> => {
    const mayAll = may(ctx, 'metrics.read');
    const [database, engines, disk, servers] = await Promise.all([
      databaseHealth(ctx),
      engineHealth(ctx),
      mayAll ? diskHealth(ctx) : null,
      health(ctx, {}),
    ]);
    const jobs = { healthy: ctx.jobs.trouble() === null };
    const states = Object.values(servers.details);
    return {
      healthy: jobs.healthy && engines.every((engine) => engine.healthy) && (disk?.healthy ?? true) && servers.healthy,
      database,
      jobs,
      servers: { total: states.length, healthy: states.filter((server) => server.healthy).length },
      engines,
      disk,
    };
  },
);

/** The servers that the actor sees and that should run, each with how its calls of the last hour went. */
export const serversHealth = verb(
  { name: 'monitoring.read', access: 'read', input: Nothing },
  async (ctx): Promise<ServerHealth[]> => {
    const { details } = await health(ctx, {});
    const rows = (await loadServers(ctx.db)).filter((row) => may(ctx, 'server.read', serverResource(row)));
    return rows.flatMap(({ id, name }) => {
      const entry = details[id];
      return entry ? [{ id, name, ...entry, calls: ctx.hub.stats.server(id) }] : [];
    });
  },
);

/** The present figures: of the hub for readers of its metrics, of the visible servers for others. */
export const readCurrent = verb(
  { name: 'monitoring.read', access: 'read', input: Nothing },
  async (ctx): Promise<Record<MetricName, number | null>> =>
    await currentFigures(ctx, may(ctx, 'metrics.read') ? undefined : await seenServerIds(ctx)),
);
