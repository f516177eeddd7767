import { z } from 'zod';
import type { LogLine, ServiceChange, ServiceState, Violation } from '@switchboard/docker';
import type { Reason } from '@switchboard/mcp-runtime/types';
import { type Container, mostLogLines } from '../containers/schema.ts';
import { EngineName, OnEngine, Reference } from '../engines/schema.ts';
import { VersionNumber, type DiffLine, type TextDiff, type VersionSummary } from '../versions/schema.ts';

export interface StackService {
  name: string;
  /** The engine's word of its first container, or `not_created`. */
  status: string;
  running: boolean;
  state: ServiceState;
  containers: Container[];
}

/** A stack as lists show it: one that is kept here, or a project that is only on the engine. */
export interface Stack {
  /** Null for a project that is not kept here: it can be adopted. */
  id: string | null;
  engine: string;
  project: string;
  path: string | null;
  /** On the hub's machine; for foreign projects where they say they were started. */
  folder: string | null;
  owner: string | null;
  ownerName: string | null;
  adopted: boolean;
  services: StackService[];
  /** A service of it runs, and none is stopped that should run; null where the engine is away. */
  isRunning: boolean | null;
  lastResult: StackResult | null;
  deployedAt: Date | null;
  createdAt: Date | null;
  updatedAt: Date | null;
}

export interface StackResult {
  action: string;
  outcome: 'ok' | 'failed' | 'cancelled';
  message: string | null;
  at: string;
  durationMs: number;
}

export interface StackDetails extends Stack {
  id: string;
  file: string;
  content: string;
  /** Its environment file with `***` for every value; null where there is none. Written back, `***` keeps the value. */
  env: string | null;
  scale: Record<string, number>;
  /** The files on disk are others than what is kept: somebody changed them by hand. */
  changedOnDisk: boolean;
}

export interface StackPage {
  items: Stack[];
  /** Why the engine could not be asked; null where it could. */
  engineError: string | null;
}

/** The check of a content, before anything starts. */
export interface StackCheck {
  valid: boolean;
  /** Why it is no stack at all; null where it is one. */
  error: string | null;
  errorReason: Reason | null;
  project: string | null;
  services: string[];
  images: string[];
  /** Everything in it that reaches out of its containers. */
  found: Violation[];
  /** Of that, what the actor may not. */
  refused: Violation[];
  /** The changes of a deployment for each service; null where they are unknown. */
  plan: ServiceChange[] | null;
  /** Against what is kept; null for a new stack. */
  diff: DiffLine[] | null;
}

const mostText = 1_048_576;
const Content = z.string().min(1, 'is required').max(mostText);
const Env = z.string().max(mostText).nullable();
const Path = z.string().min(1).max(512);

export const ListStacks = OnEngine.extend({
  search: z.string().max(256).optional(),
  /** Projects too that are only on the engine. */
  foreign: z.boolean().default(true),
});
export const StackRef = z.object({
  /** Id, or the project on the default engine. */
  id: z.string().min(1).max(64),
});
export type StackRef = z.infer<typeof StackRef>;

export const CreateStack = z.object({
  engine: EngineName,
  /** Place below the stacks folder, for example `team/web`; also names the project where the content does not. */
  path: Path.exactOptional(),
  content: Content,
  env: Env.default(null),
});
/** Of a draft, or with `id` of a change to a stack. */
export const CheckStack = CreateStack.extend({ id: z.string().max(64).exactOptional() });
export const UpdateStack = StackRef.extend({
  content: Content.exactOptional(),
  /** null removes it; `NAME=***` keeps the value. */
  env: Env.exactOptional(),
});

const Services = z.array(z.string().min(1).max(256)).max(256);
export const UpStack = StackRef.extend({
  services: Services.exactOptional(),
  pull: z.enum(['always', 'missing', 'never']).exactOptional(),
  build: z.boolean().default(false),
  /** Services too that did not change. */
  forceRecreate: z.boolean().default(false),
});
export const DownStack = StackRef.extend({ volumes: z.boolean().default(false) });
export const OperateStack = StackRef.extend({ services: Services.exactOptional() });
export const ScaleStack = StackRef.extend({
  service: z.string().min(1).max(256),
  replicas: z.int().min(0).max(100),
});
export const RemoveStack = StackRef.extend({ volumes: z.boolean().default(false) });
export const AdoptStack = z.object({
  engine: EngineName,
  project: Reference,
  /** Given where it cannot be read from the place where the project was started. */
  content: Content.exactOptional(),
  env: Env.default(null),
});
export const StackLogs = StackRef.extend({
  service: z.string().max(256).exactOptional(),
  tail: z.int().min(0).max(mostLogLines).default(200),
  since: z.string().max(64).exactOptional(),
});
export type StackLogLine = LogLine & { service: string; container: string };

export interface ImageUpdate {
  service: string;
  image: string;
  /** Null where it is unknown. */
  hasUpdate: boolean | null;
  message: string | null;
}

/** The documented API's way: by content and path, whatever the stack's id. */
export const StackText = z.object({
  engine: EngineName,
  content: Content,
  path: Path.nullish(),
});

/** The stored version of a stack. */
export const StackSnapshot = z.object({
  engine: z.string(),
  content: z.string(),
  /** With `***` for every value; null where there is no environment file. */
  env: z.string().nullable(),
});
export type StackSnapshot = z.infer<typeof StackSnapshot>;

export const DiffStack = StackRef.extend({ from: VersionNumber, to: VersionNumber });
export const RestoreStack = StackRef.extend({ number: VersionNumber });

/** Newest first: the first is what is kept now. */
export interface StackVersions {
  versions: VersionSummary[];
  /** Older ones are not kept. */
  most: number;
}

/** The difference between two versions of a stack. */
export interface StackDiff {
  content: TextDiff;
  /** Of the environment file, with `***` for every value. */
  env: TextDiff;
  /** Names whose value is another one. */
  changedValues: string[];
}
