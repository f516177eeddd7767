import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerStats } from '@switchboard/docker';
import { seenContainers } from '../containers/queries.ts';
import type { Ctx } from '../context.ts';
import { verb } from '../verb.ts';
import { streamed } from './allowed.ts';
import type { ManagedEngine } from './contract.ts';
import { engineOf } from './owner.ts';
import { OnEngine, type EngineUsage } from './schema.ts';

const everyMs = 2_000;
/** Each is an open request to the engine. */
const mostContainers = 200;

function sumOf(readings: readonly ContainerStats[]): EngineUsage {
  function sum(pick: (stats: ContainerStats) => number) {
    return readings.reduce((total, stats) => total + pick(stats), 0);
  }
  return {
    cpuPercent: Math.round(sum(({ cpuPercent }) => cpuPercent) * 100) / 100,
    memoryBytes: sum(({ memoryBytes }) => memoryBytes),
    networkReceivedBytes: sum(({ networkReceivedBytes }) => networkReceivedBytes),
    networkSentBytes: sum(({ networkSentBytes }) => networkSentBytes),
    containers: readings.length,
  };
}

async function* usageOf(ctx: Ctx, managed: ManagedEngine, signal: AbortSignal): AsyncGenerator<EngineUsage> {
  const latest = new Map<string, ContainerStats>();
  const watched = new Set<string>();
  async function watch(id: string) {
    watched.add(id);
    try {
      for await (const stats of managed.engine.output.stats(id, { signal })) latest.set(id, stats);
    } catch {
      // A container that is gone does not count.
    }
    watched.delete(id);
    latest.delete(id);
  }
  while (!signal.aborted) {
    const seen = await seenContainers({ ...ctx, signal }, managed);
    const running = seen.filter(({ status }) => status === 'running').slice(0, mostContainers);
    for (const { id } of running) if (!watched.has(id)) void watch(id);
    yield sumOf([...latest.values()]);
    await sleep(everyMs, null, { signal }).catch(() => undefined);
  }
}

/** Follows the total resource use of the running containers that the actor sees. */
export const followUsage = verb(
  { name: 'engine.read', access: 'read', input: OnEngine },
  async (ctx, input): Promise<AsyncGenerator<EngineUsage>> => {
    const managed = engineOf(ctx, input.engine);
    return streamed(ctx, 'engine.read', ctx.signal, (signal) => usageOf(ctx, managed, signal));
  },
);
