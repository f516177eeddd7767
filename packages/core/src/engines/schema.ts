import { z } from 'zod';
import type { EngineInfo, EngineState, EngineVersion, PullProgress } from '@switchboard/docker';
import type { Run } from '../runs/contract.ts';
import type { EngineRunKind } from '../runs/kinds.ts';

/** Name of an engine; absent = the hub's default. */
export const EngineName = z.string().min(1).max(64).optional();
export const OnEngine = z.object({ engine: EngineName });
export type OnEngine = z.infer<typeof OnEngine>;

/** An id, an unambiguous beginning of one, or a name. */
export const Reference = z.string().min(1, 'is required').max(512);

export interface EngineSummary {
  name: string;
  isDefault: boolean;
  /** In the form of DOCKER_HOST. */
  host: string;
  state: EngineState;
}

export interface EngineOverview extends EngineSummary {
  version: EngineVersion;
  info: EngineInfo;
}

export interface DiskUse {
  count: number;
  bytes: number;
  /** The most bytes that removing unused ones would free. */
  reclaimableBytes: number;
}

export interface DiskUsage {
  images: DiskUse;
  containers: DiskUse;
  volumes: DiskUse;
  buildCache: DiskUse;
}

export interface EngineUsage {
  /** 100 is one whole processor. */
  cpuPercent: number;
  memoryBytes: number;
  networkReceivedBytes: number;
  networkSentBytes: number;
  /** How many running containers this is the sum of. */
  containers: number;
}

/** Something that takes its time on an engine: a pull, a build, a deployment. */
export interface EngineRun extends Pick<
  Run<EngineRunKind>,
  'id' | 'kind' | 'subject' | 'startedAt' | 'endedAt' | 'outcome' | 'message' | 'reason' | 'code' | 'result'
> {
  engine: string;
}

export type EngineRunEvent =
  | { type: 'line'; seq: number; text: string }
  | { type: 'progress'; seq: number; progress: PullProgress }
  /** So many events before the next one are not kept any more. */
  | { type: 'gap'; seq: number; missed: number }
  /** The last one. */
  | { type: 'end'; run: EngineRun };

export const RunById = z.object({ runId: z.string().min(1).max(64) });
/** `after`: the `seq` of the last event that is known. */
export const FollowRun = RunById.extend({ after: z.int().min(0).default(0) });
export const ListRuns = z.object({ engine: EngineName, subject: z.string().max(512).optional() });
