import type { PullProgress } from '@switchboard/docker';
import type { EngineResource } from '../access/subject.ts';
import type { Ctx } from '../context.ts';
import type { KeptRun, Run, RunNews } from '../runs/contract.ts';
import type { EngineRunKind } from '../runs/kinds.ts';
import { ownerOf } from '../runs/live.ts';
import { fromEngine } from './errors.ts';
import type { EngineRun, EngineRunEvent } from './schema.ts';

/** The functions with which the work of a run on an engine reports events. */
export interface EngineTeller {
  readonly signal: AbortSignal;
  line(text: string): void;
  progress(progress: PullProgress): void;
}

export interface EngineRunPlan {
  kind: EngineRunKind;
  engine: string;
  subject: string;
  /** The resource whose rights decide who may follow and cancel the run. */
  resource: EngineResource;
  /** No two runs with the same key go at once. */
  key?: string;
}

const longestLine = 4_000;

/** A run as those who follow engines see it. */
export function toEngineRun({ facts, ...run }: Run<EngineRunKind>): EngineRun {
  return { ...run, engine: facts.engine };
}

/** Starts work on an engine; refusals of the engine become errors of the domain. */
export function startEngineRun(
  ctx: Pick<Ctx, 'actor' | 'runs'>,
  { engine, ...plan }: EngineRunPlan,
  work: (teller: EngineTeller) => Promise<Record<string, unknown> | null>,
): EngineRun {
  const run = ctx.runs.start({ ...plan, owner: ownerOf(ctx.actor), facts: { engine } }, async ({ signal, tell }) => {
    const teller: EngineTeller = {
      signal,
      line: (text) => tell({ type: 'line', text: text.slice(0, longestLine) }),
      progress: (progress) => tell({ type: 'progress', progress }),
    };
    try {
      return await work(teller);
    } catch (error) {
      throw fromEngine(error);
    }
  });
  return toEngineRun(run);
}

/** The events of a run on an engine, as followers see them. */
export async function* engineEvents(news: AsyncIterable<RunNews<EngineRunKind>>): AsyncGenerator<EngineRunEvent> {
  for await (const item of news) {
    if (item.type === 'event') yield { ...item.event, seq: item.seq };
    if (item.type === 'gap') yield item;
    if (item.type === 'end') yield { type: 'end', run: toEngineRun(item.run) };
  }
}

export type KeptEngineRun = KeptRun<EngineRunKind>;
