import { z } from 'zod';
import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { absentRun } from '../runs/absent.ts';
import { engineRunKinds } from '../runs/kinds.ts';
import { verb } from '../verb.ts';
import { streamed } from './allowed.ts';
import type { ManagedEngine } from './contract.ts';
import { requireOn, wholeEngine, wholeEngineOf } from './owner.ts';
import { engineEvents, toEngineRun, type KeptEngineRun } from './runs.ts';
import {
  FollowRun,
  ListRuns,
  OnEngine,
  RunById,
  type DiskUsage,
  type DiskUse,
  type EngineOverview,
  type EngineSummary,
  type EngineRun,
  type EngineRunEvent,
} from './schema.ts';

function toSummary(ctx: Ctx, { name, engine }: ManagedEngine): EngineSummary {
  return {
    name,
    isDefault: name === ctx.docker.engines.default,
    host: engine.host,
    state: engine.state(),
  };
}

/** Every engine and whether it answers; an empty list where none is configured. */
export const listEngines = verb(
  { name: 'engine.read', access: 'read', input: z.object({}) },
  async (ctx): Promise<EngineSummary[]> =>
    ctx.docker.engines
      .names()
      .filter((name) => may(ctx, 'engine.read', wholeEngine(name)))
      .map((name) => toSummary(ctx, ctx.docker.engines.get(name))),
);

/** The facts of an engine and the number of its objects. */
export const engineOverview = verb(
  { name: 'engine.read', access: 'read', input: OnEngine },
  async (ctx, input): Promise<EngineOverview> => {
    const managed = wholeEngineOf(ctx, input.engine);
    const { signal } = ctx;
    const [version, info] = await Promise.all([managed.engine.version({ signal }), managed.engine.info({ signal })]);
    return { ...toSummary(ctx, managed), version, info };
  },
);

/** Looks for an engine that is away now, instead of at the next planned attempt. */
export const lookAtEngine = verb(
  { name: 'engine.read', access: 'read', input: OnEngine },
  async (ctx, input): Promise<EngineSummary> => {
    const managed = wholeEngineOf(ctx, input.engine);
    managed.engine.look();
    return toSummary(ctx, managed);
  },
);

interface Sized {
  Size?: number;
  SizeRw?: number;
  SharedSize?: number;
  Containers?: number;
  State?: string;
  InUse?: boolean;
  UsageData?: { Size: number; RefCount: number } | null;
}
type RawUsage = Partial<Record<'Images' | 'Containers' | 'Volumes' | 'BuildCache', Sized[] | null>> & {
  LayersSize?: number;
};

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function diskUse(items: readonly Sized[], bytesOf: (item: Sized) => number, isUsed: (item: Sized) => boolean): DiskUse {
  return {
    count: items.length,
    bytes: sum(items.map(bytesOf)),
    reclaimableBytes: sum(items.filter((item) => !isUsed(item)).map(bytesOf)),
  };
}

/** The use of an engine's disk, by purpose; the engine measures it for each request, which can take long. */
export const diskUsage = verb(
  { name: 'engine.read', access: 'read', input: OnEngine },
  async (ctx, input): Promise<DiskUsage> => {
    const { connection } = wholeEngineOf(ctx, input.engine).engine;
    const options = { signal: ctx.signal, timeoutMs: 120_000 };
    const df = connection.docker.df.bind(connection.docker) as (options: object) => Promise<RawUsage>;
    const raw = await connection.call((abortSignal) => df({ abortSignal }), options);
    const images = diskUse(
      raw.Images ?? [],
      ({ Size = 0, SharedSize = 0 }) => Size - Math.max(SharedSize, 0),
      ({ Containers = 0 }) => Containers > 0,
    );
    return {
      images: { ...images, bytes: raw.LayersSize ?? images.bytes },
      containers: diskUse(
        raw.Containers ?? [],
        ({ SizeRw = 0 }) => SizeRw,
        ({ State }) => State === 'running',
      ),
      volumes: diskUse(
        raw.Volumes ?? [],
        ({ UsageData }) => Math.max(UsageData?.Size ?? 0, 0),
        ({ UsageData }) => (UsageData?.RefCount ?? 0) > 0,
      ),
      buildCache: diskUse(
        raw.BuildCache ?? [],
        ({ Size = 0 }) => Size,
        ({ InUse }) => InUse === true,
      ),
    };
  },
);

function requireRun(ctx: Ctx, id: string): KeptEngineRun {
  const kept = ctx.runs.find(id, engineRunKinds);
  if (!kept) throw absentRun(id);
  requireOn(ctx, `${kept.resource.type}.read`, kept.resource, () => absentRun(id));
  return kept;
}

/** Pulls, builds and deployments that are running or ended recently, newest first. */
export const listRuns = verb(
  { name: 'engine.read', access: 'read', input: ListRuns },
  async (ctx, { engine, subject }): Promise<EngineRun[]> =>
    ctx.runs
      .list(engineRunKinds)
      .filter(({ resource }) => may(ctx, `${resource.type}.read`, resource))
      .map(({ run }) => toEngineRun(run))
      .filter((run) => (engine ?? run.engine) === run.engine && (subject ?? run.subject) === run.subject)
      .toReversed(),
);

/** Follows a run after the last event that the caller knows, until its end. */
export const followRun = verb(
  { name: 'engine.read', access: 'read', input: FollowRun },
  async (ctx, { runId, after }): Promise<AsyncGenerator<EngineRunEvent>> => {
    requireRun(ctx, runId);
    return streamed(ctx, 'engine.read', ctx.signal, (signal) =>
      engineEvents(ctx.runs.follow(runId, engineRunKinds, { after, signal })),
    );
  },
);

/** Gives a run up. */
export const cancelRun = verb(
  { name: 'container.manage', access: 'write', input: RunById, tx: false },
  async (ctx, { runId }): Promise<void> => {
    const { run } = requireRun(ctx, runId);
    ctx.runs.cancel(runId);
    ctx.audit({ id: run.subject, details: { gaveUp: run.kind, engine: run.facts.engine } });
  },
);
