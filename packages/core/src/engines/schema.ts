import { z } from 'zod';
import type { EngineInfo, EngineState, EngineVersion, PullProgress } from '@switchboard/docker';
import type { Action } from '../access/actions.ts';
import type { DomainErrorCode } from '../errors.ts';

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
  /** What removing the unused ones would free at most. */
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

export const runOutcomes = ['running', 'ok', 'failed', 'cancelled'] as const;

/** Something that takes its time on an engine: a pull, a build, a deployment. */
export interface Run {
  id: string;
  /** Its action, for example `image.pull`. */
  kind: Action;
  engine: string;
  /** What it is about: a stack's id, an image's or container's name. */
  subject: string;
  startedAt: Date;
  endedAt: Date | null;
  outcome: (typeof runOutcomes)[number];
  /** Why it failed; null where it did not. */
  message: string | null;
  /** The kind of that failure; null where there is none. */
  code: DomainErrorCode | null;
  /** What came of it, for example the id of what was made. */
  result: Record<string, unknown> | null;
}

export type RunEvent =
  | { type: 'line'; seq: number; text: string }
  | { type: 'progress'; seq: number; progress: PullProgress }
  /** The last one. */
  | { type: 'end'; run: Run };

export const RunById = z.object({ runId: z.string().min(1).max(64) });
export const ListRuns = z.object({ engine: EngineName, subject: z.string().max(512).optional() });
