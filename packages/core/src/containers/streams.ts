import type { ContainerInfo, LogLine } from '@switchboard/docker';
import type { Ctx } from '../context.ts';
import { streamed } from '../engines/allowed.ts';
import { inBatches } from '../engines/batches.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { fromEngine } from '../engines/errors.ts';
import { engineOf, resourceOf } from '../engines/owner.ts';
import { begun } from '../engines/started-stream.ts';
import { isDomainError } from '../errors.ts';
import { verb } from '../verb.ts';
import { mergeStats } from './merged.ts';
import { requireContainer } from './queries.ts';
import { ContainerLogs, ContainerLogText, ContainerStatsOf, type LogBatch, type StatsOf } from './schema.ts';

type Filter = Pick<ContainerLogs, 'tail' | 'stdout' | 'stderr' | 'search'> &
  Partial<Pick<ContainerLogs, 'since' | 'until'>>;

function queryOf({ tail, stdout, stderr, since, until }: Filter) {
  return {
    tail,
    stdout,
    stderr,
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
}

function matcher(search: string | undefined): (line: LogLine) => boolean {
  const wanted = search?.trim().toLowerCase() ?? '';
  return wanted === '' ? () => true : ({ text }) => text.toLowerCase().includes(wanted);
}

async function* matching(lines: AsyncGenerator<LogLine>, search: string | undefined): AsyncGenerator<LogLine> {
  const matches = matcher(search);
  for await (const line of lines) if (matches(line)) yield line;
}

/** The most characters of lines in one event. */
const mostCharacters = 4 * 1024 * 1024;
const dropped: LogLine = { stream: 'stdout', time: null, text: '' };

/** The last lines that a container wrote; of very long ones fewer than were asked for. */
export const containerLogs = verb(
  { name: 'container.read', access: 'read', input: ContainerLogs },
  async (ctx, { engine, id: reference, ...filter }): Promise<LogBatch> => {
    const managed = engineOf(ctx, engine);
    const { id } = await requireContainer(ctx, managed, reference);
    const lines: LogLine[] = [];
    const source = managed.engine.output.logs(id, { ...queryOf(filter), signal: ctx.signal });
    let characters = 0;
    let first = 0;
    for await (const line of matching(source, filter.search)) {
      lines.push(line);
      characters += line.text.length;
      while (characters > mostCharacters && first < lines.length - 1) {
        characters -= lines[first]?.text.length ?? 0;
        lines[first] = dropped;
        first += 1;
      }
    }
    return { lines: lines.slice(first) };
  },
);

/** Both outputs as one text, as the documented API gives them: pieces of whole lines, read no faster than they are sent. */
export const containerLogText = verb(
  { name: 'container.read', access: 'read', input: ContainerLogText },
  async (ctx, { engine, id: reference, timestamps, ...filter }): Promise<AsyncIterable<string>> => {
    const managed = engineOf(ctx, engine);
    const info = await requireContainer(ctx, managed, reference);
    function read(signal: AbortSignal) {
      return managed.engine.output.logText(info.id, { ...queryOf(filter), timestamps, signal });
    }
    const resource = resourceOf('container', managed.name, info);
    return await begun(streamed(ctx, 'container.read', ctx.signal, read, [resource]));
  },
);

/** Throws where there is no log to follow: nobody waits for lines that cannot come. */
async function requireLog(ctx: Ctx, { engine }: ManagedEngine, id: string): Promise<void> {
  try {
    for await (const _ of engine.output.logs(id, { tail: 0, signal: ctx.signal })) break;
  } catch (error) {
    throw fromEngine(error);
  }
}

/** The last lines, then new ones, in batches. Ends with the container. */
export const followContainerLogs = verb(
  { name: 'container.read', access: 'read', input: ContainerLogs },
  async (ctx, { engine, id: reference, ...filter }): Promise<AsyncGenerator<LogLine[]>> => {
    const managed = engineOf(ctx, engine);
    const info = await requireContainer(ctx, managed, reference);
    await requireLog(ctx, managed, info.id);
    function read(signal: AbortSignal) {
      const lines = managed.engine.output.logs(info.id, { ...queryOf(filter), follow: true, signal });
      return inBatches(matching(lines, filter.search));
    }
    return streamed(ctx, 'container.read', ctx.signal, read, [resourceOf('container', managed.name, info)]);
  },
);

/** Null for a container that the engine cannot describe now: its figures are missing, those of the others are not. */
async function findDescribed(ctx: Ctx, managed: ManagedEngine, id: string): Promise<ContainerInfo | null> {
  try {
    return await requireContainer(ctx, managed, id);
  } catch (error) {
    if (isDomainError(error) && (error.code === 'internal' || error.code === 'timeout')) return null;
    throw error;
  }
}

/** Follows the resource use of containers, one reading a second for each, until they end. */
export const followStats = verb(
  { name: 'container.read', access: 'read', input: ContainerStatsOf },
  async (ctx, { engine, ids }): Promise<AsyncGenerator<StatsOf>> => {
    const managed = engineOf(ctx, engine);
    const found = await Promise.all(
      [...new Set(ids)].map(async (id) => ({ asked: id, info: await findDescribed(ctx, managed, id) })),
    );
    const described = found.flatMap(({ asked, info }) => (info === null ? [] : [{ asked, info }]));
    function read(signal: AbortSignal) {
      return mergeStats(
        described.map(({ asked, info }) => ({ id: asked, stats: managed.engine.output.stats(info.id, { signal }) })),
      );
    }
    const resources = described.map(({ info }) => resourceOf('container', managed.name, info));
    return streamed(ctx, 'container.read', ctx.signal, read, resources);
  },
);
