import { z } from 'zod';
import type { ContainerInfo, ContainerStats, FileEntry, LogLine } from '@switchboard/docker';
import { EngineName, OnEngine, Reference } from '../engines/schema.ts';

export const containerStates = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'] as const;
export const containerSorts = ['name', 'image', 'status', 'created'] as const;
export const bulkActions = ['start', 'stop', 'restart', 'pause', 'unpause', 'kill', 'remove'] as const;
export type BulkAction = (typeof bulkActions)[number];

/** A container as lists show it. */
export interface Container extends Omit<ContainerInfo, 'environment'> {
  engine: string;
  /** The id of the person who made it; null for none of this hub. */
  owner: string | null;
  ownerName: string | null;
  /** Compose project and service it belongs to. */
  project: string | null;
  service: string | null;
  /** The MCP server that lives in it. */
  server: string | null;
}

export interface ContainerDetails extends Container {
  environment: Record<string, string>;
}

export interface ContainerPage {
  items: Container[];
  total: number;
  /** Of all that are seen, whatever was searched for. */
  counts: Record<string, number>;
}

export const ListContainers = z.object({
  engine: EngineName,
  /** In names, images, ids, projects and services. */
  search: z.string().max(256).optional(),
  status: z.array(z.enum(containerStates)).optional(),
  project: z.string().max(256).optional(),
  sort: z.enum(containerSorts).optional(),
  order: z.enum(['asc', 'desc']).optional(),
  page: z.int().min(1).default(1),
  limit: z.int().min(1).max(1_000).default(1_000),
});
export type ListContainers = z.infer<typeof ListContainers>;

export const ContainerRef = z.object({ engine: EngineName, id: Reference });
export type ContainerRef = z.infer<typeof ContainerRef>;

const Text = z.string().max(4_096);
const HostPort = z.union([z.string().max(64), z.int().min(0).max(65_535), z.null()]);
const Words = z.union([z.string().max(65_536), z.array(z.string().max(65_536)).max(1_024)]);

export const ContainerLimits = z.object({
  /** Processors, for example 0.5. */
  cpus: z.number().positive().max(1_024).exactOptional(),
  memoryBytes: z.int().positive().exactOptional(),
  /** Most processes and threads. */
  pids: z.int().positive().exactOptional(),
});

const spec = {
  image: z.string().min(1, 'name an image, for example "nginx:1.29"').max(512),
  name: z.string().min(1).max(128).exactOptional(),
  /** Container port (`80/tcp`) to host port (`8080`, `127.0.0.1:8080`, a list of them, null or '' for any free one). */
  ports: z.record(z.string().max(32), z.union([HostPort, z.array(HostPort).max(64)])).exactOptional(),
  /** Host path or volume name to container path (`/data`, `/data:ro`, or a list of them). */
  volumes: z.record(z.string().max(4_096), z.union([Text, z.array(Text).max(64)])).exactOptional(),
  environment: z
    .record(z.string().max(256), z.union([z.string().max(131_072), z.number(), z.boolean(), z.null()]))
    .exactOptional(),
  /** A text is split as a shell would split it. */
  command: Words.exactOptional(),
  entrypoint: Words.exactOptional(),
  workingDir: Text.exactOptional(),
  user: z.string().max(256).exactOptional(),
  hostname: z.string().max(253).exactOptional(),
  tty: z.boolean().exactOptional(),
  openStdin: z.boolean().exactOptional(),
  labels: z.record(z.string().min(1).max(256), Text).exactOptional(),
  /** Name of a network, or `none`, `host`, `bridge`. */
  network: z.string().max(256).exactOptional(),
  networkAliases: z.array(z.string().max(253)).max(64).exactOptional(),
  extraHosts: z.array(z.string().max(512)).max(256).exactOptional(),
  /** `no`, `always`, `unless-stopped`, `on-failure` or `on-failure:3`. */
  restart: z.string().max(32).exactOptional(),
  limits: ContainerLimits.exactOptional(),
  readOnly: z.boolean().exactOptional(),
  tmpfs: z.record(Text, Text).exactOptional(),
  capDrop: z.array(z.string().max(64)).max(64).exactOptional(),
  capAdd: z.array(z.string().max(64)).max(64).exactOptional(),
  securityOpt: z.array(Text).max(64).exactOptional(),
  privileged: z.boolean().exactOptional(),
  pidMode: z.string().max(256).exactOptional(),
  ipcMode: z.string().max(256).exactOptional(),
  devices: z.array(Text).max(64).exactOptional(),
  init: z.boolean().exactOptional(),
  autoRemove: z.boolean().exactOptional(),
  stopSignal: z.string().max(32).exactOptional(),
  stopGraceMs: z.int().min(0).max(3_600_000).exactOptional(),
};
export const ContainerSpec = z.object(spec);
export type ContainerSpec = z.infer<typeof ContainerSpec>;

export const RegistryLogin = z.object({
  username: z.string().min(1).max(256),
  password: z.string().min(1).max(8_192),
  serveraddress: z.string().max(512).exactOptional(),
});

export const pullPolicies = ['missing', 'always', 'never'] as const;

export const CreateContainer = z.object({
  ...spec,
  engine: EngineName,
  pull: z.enum(pullPolicies).default('missing'),
  start: z.boolean().default(false),
  /** For pulling the image; not kept. */
  login: RegistryLogin.exactOptional(),
});
export type CreateContainer = z.infer<typeof CreateContainer>;

const graceMs = z.int().min(0).max(3_600_000).exactOptional();
/** `graceMs`: until it is killed; default is the container's own, else 10 s. */
export const StopContainer = ContainerRef.extend({ graceMs });
export const KillContainer = ContainerRef.extend({
  signal: z
    .string()
    .regex(/^(?:SIG)?[A-Z0-9+-]{1,16}$/, 'must be a signal like SIGTERM')
    .exactOptional(),
});
export const RenameContainer = ContainerRef.extend({ name: z.string().min(1).max(128) });
export const UpdateContainer = ContainerRef.extend({
  limits: ContainerLimits.exactOptional(),
  restart: z.string().max(32).exactOptional(),
});
export const RemoveContainer = ContainerRef.extend({
  force: z.boolean().default(false),
  /** Its anonymous volumes too. */
  volumes: z.boolean().default(false),
});
export const BulkContainers = OnEngine.extend({
  ids: z.array(Reference).min(1).max(200),
  action: z.enum(bulkActions),
  /** For `remove`: running ones too. */
  force: z.boolean().default(false),
});
export interface BulkResult {
  id: string;
  ok: boolean;
  message: string | null;
}

const when = z.string().max(64).exactOptional();
export const mostLogLines = 10_000;
export const ContainerLogs = ContainerRef.extend({
  tail: z.int().min(0).max(mostLogLines).default(500),
  /** RFC 3339, or seconds since the epoch. */
  since: when,
  until: when,
  stdout: z.boolean().default(true),
  stderr: z.boolean().default(true),
  search: z.string().max(256).exactOptional(),
});
export type ContainerLogs = z.infer<typeof ContainerLogs>;
export const ContainerLogText = ContainerLogs.omit({ search: true }).extend({
  tail: z.int().min(0).max(1_000_000),
  timestamps: z.boolean().default(false),
});
export interface LogBatch {
  lines: LogLine[];
}

export const ContainerStatsOf = OnEngine.extend({
  /** Ids or names; those that do not run are left out. */
  ids: z.array(Reference).min(1).max(64),
});
export interface StatsOf {
  /** As it was asked for. */
  id: string;
  stats: ContainerStats;
}

export const TerminalSize = z.object({ columns: z.int().min(1).max(1_000), rows: z.int().min(1).max(1_000) });
const command = z.array(z.string().max(65_536)).min(1).max(256);
const inside = {
  environment: z.record(z.string().max(256), z.string().max(131_072)).exactOptional(),
  workingDir: Text.exactOptional(),
  user: z.string().max(256).exactOptional(),
};
export const ExecInContainer = ContainerRef.extend({
  ...inside,
  command,
  input: z.string().max(1_048_576).exactOptional(),
  timeoutMs: z.int().min(100).max(600_000).default(60_000),
});
export const OpenTerminal = ContainerRef.extend({
  ...inside,
  command: command.default(['/bin/sh']),
  size: TerminalSize.exactOptional(),
});
export const TerminalRef = z.object({ terminalId: z.string().min(1).max(64) });
export const TerminalInput = TerminalRef.extend({ data: z.string().max(262_144) });
export const ResizeTerminal = TerminalRef.extend({ size: TerminalSize });
export type TerminalEvent = { type: 'data'; text: string } | { type: 'exit'; exitCode: number | null };

const InsidePath = z.string().regex(/^\//, 'must be an absolute path in the container').max(4_096);
export const ListFiles = ContainerRef.extend({ path: InsidePath.default('/') });
export const ReadFile = ContainerRef.extend({ path: InsidePath });
export interface ListedFiles {
  path: string;
  entries: FileEntry[];
  /** False where the directory is too large: entries are missing. */
  complete: boolean;
}
/** The beginning of a file, up to 1 MB. */
export interface FileContent {
  path: string;
  /** Of the whole file. */
  bytes: number;
  /** True where the text is cut. */
  truncated: boolean;
  /** Null where it is no UTF-8 text; `base64` holds it then. */
  text: string | null;
  base64: string | null;
}
/** Something to be saved, read while it is sent. */
export interface Download {
  name: string;
  /** Null where nobody knows before the end. */
  bytes: number | null;
  chunks: AsyncIterable<Uint8Array>;
}
export const WriteFiles = ContainerRef.extend({
  /** A directory that exists. */
  directory: InsidePath,
  files: z
    .array(
      z.object({
        path: z.string().min(1).max(4_096),
        text: z.string().exactOptional(),
        base64: z.base64().exactOptional(),
        mode: z.int().min(0).max(0o7777).exactOptional(),
      }),
    )
    .min(1)
    .max(500),
});
/** `archive`: a tar file in base64. */
export const CopyIn = ContainerRef.extend({ directory: InsidePath, archive: z.base64() });
