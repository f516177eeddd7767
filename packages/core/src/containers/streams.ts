import type { ContainerInfo, LogLine } from '@switchboard/docker';
import type { Ctx } from '../context.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { inBatches } from '../engines/batches.ts';
import { streamed } from '../engines/allowed.ts';
import { engineOf } from '../engines/owner.ts';
import { isDomainError } from '../errors.ts';
import { verb } from '../verb.ts';
import { mergeStats } from './merged.ts';
import { requireContainer } from './queries.ts';
import { ContainerLogs, ContainerLogText, ContainerStatsOf, type LogBatch, type StatsOf } from './schema.ts';

type Filter = Pick<ContainerLogs, 'tail' | 'stdout' | 'stderr' | 'search'> &
  Partial<Pick<ContainerLogs, 'since' | 'until'>>;

const queryOf = ({ tail, stdout, stderr, since, until }: Filter) => ({
  tail,
  stdout,
  stderr,
  ...(since !== undefined && { since }),
  ...(until !== undefined && { until }),
});

const matcher = (search: string | undefined): ((line: LogLine) => boolean) => {
  const wanted = search?.trim().toLowerCase() ?? '';
  return wanted === '' ? () => true : ({ text }) => text.toLowerCase().includes(wanted);
};

async function* matching(lines: AsyncGenerator<LogLine>, search: string | undefined): AsyncGenerator<LogLine> {
  const matches = matcher(search);
  for await (const line of lines) if (matches(line)) yield line;
}

/** The last lines that a container wrote. */
export const containerLogs = verb(
  { name: 'container.read', access: 'read', input: ContainerLogs },
  async (ctx, { engine, id: reference, ...filter }): Promise<LogBatch> => {
    const managed = engineOf(ctx, engine);
    const { id } = await requireContainer(ctx, managed, reference);
    const lines: LogLine[] = [];
    const source = managed.engine.output.logs(id, { ...queryOf(filter), signal: ctx.signal });
    for await (const line of matching(source, filter.search)) lines.push(line);
    return { lines };
  },
);

/** Both outputs as one text, as the documented API gives them. */
export const containerLogText = verb(
  { name: 'container.read', access: 'read', input: ContainerLogText },
  async (ctx, { engine, id: reference, timestamps, ...filter }): Promise<string> => {
    const managed = engineOf(ctx, engine);
    const { id } = await requireContainer(ctx, managed, reference);
    return await managed.engine.output.logText(id, { ...queryOf(filter), timestamps, signal: ctx.signal });
  },
);

/** The last lines, then those to come, as many at a time as are there. Ends with the container. */
export const followContainerLogs = verb(
  { name: 'container.read', access: 'read', input: ContainerLogs },
  async (ctx, { engine, id: reference, ...filter }): Promise<AsyncGenerator<LogLine[]>> => {
    const managed = engineOf(ctx, engine);
    const { id } = await requireContainer(ctx, managed, reference);
    return streamed(ctx, 'container.read', ctx.signal, (signal) =>
      inBatches(matching(managed.engine.output.logs(id, { ...queryOf(filter), follow: true, signal }), filter.search)),
    );
  },
);

/** Null for a container that the engine cannot describe now: its figures are missing, those of the others are not. */
const findDescribed = async (ctx: Ctx, managed: ManagedEngine, id: string): Promise<ContainerInfo | null> => {
  try {
    return await requireContainer(ctx, managed, id);
  } catch (error) {
    if (isDomainError(error) && (error.code === 'internal' || error.code === 'timeout')) return null;
    throw error;
  }
};

/** What containers use, one reading a second of each, until they end. */
export const followStats = verb(
  { name: 'container.read', access: 'read', input: ContainerStatsOf },
  async (ctx, { engine, ids }): Promise<AsyncGenerator<StatsOf>> => {
    const managed = engineOf(ctx, engine);
    const found = await Promise.all(
      [...new Set(ids)].map(async (id) => ({ asked: id, info: await findDescribed(ctx, managed, id) })),
    );
    return streamed(ctx, 'container.read', ctx.signal, (signal) =>
      mergeStats(
        found.flatMap(({ asked, info }) =>
          info === null ? [] : [{ id: asked, stats: managed.engine.output.stats(info.id, { signal }) }],
        ),
      ),
    );
  },
);
