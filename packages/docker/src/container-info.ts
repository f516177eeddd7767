import type { ContainerInspectInfo } from 'dockerode';
import type { PortBinding } from './create-forms.ts';
import type { ContainerLimits } from './create-spec.ts';

export interface ContainerMount {
  /** Path on the engine's machine. */
  source: string;
  /** Name of the volume; null for anything else. */
  volume: string | null;
  target: string;
  /** `bind`, `volume` or `tmpfs`. */
  type: string;
  readOnly: boolean;
}

export interface ContainerNetwork {
  name: string;
  address: string;
}

export interface ContainerInfo {
  id: string;
  name: string;
  /** First tag of its image, or the image's id. */
  image: string;
  imageId: string;
  /** The engine's word: created, running, paused, restarting, removing, exited, dead. */
  status: string;
  /** RFC 3339. */
  created: string;
  startedAt: string | null;
  finishedAt: string | null;
  exitCode: number | null;
  outOfMemory: boolean;
  /** What the engine said about a failed start; empty where nothing. */
  error: string;
  health: 'starting' | 'healthy' | 'unhealthy' | null;
  restartCount: number;
  /** Only ports that have host bindings. */
  ports: Record<string, PortBinding[]>;
  mounts: ContainerMount[];
  /** The image's own variables included. */
  environment: Record<string, string>;
  labels: Record<string, string>;
  command: string[];
  entrypoint: string[];
  user: string;
  tty: boolean;
  openStdin: boolean;
  privileged: boolean;
  restartPolicy: string;
  limits: ContainerLimits;
  networkMode: string;
  networks: ContainerNetwork[];
  /** On the engine's machine; null where it does not run. */
  pid: number | null;
}

const NEVER = '0001-01-01T00:00:00Z';

/** Makes the description of a container from what the engine says; `imageTags` are the tags of its image. */
export function toContainerInfo(raw: ContainerInspectInfo, imageTags: readonly string[]): ContainerInfo {
  const { State, Config, HostConfig, NetworkSettings } = raw;
  const ran = State.Status !== 'created';
  return {
    id: raw.Id,
    name: raw.Name.replace(/^\//, ''),
    image: imageName(Config.Image, raw.Image, imageTags),
    imageId: raw.Image,
    status: State.Status,
    created: raw.Created,
    startedAt: moment(State.StartedAt),
    finishedAt: moment(State.FinishedAt),
    exitCode: ran && !State.Running ? State.ExitCode : null,
    outOfMemory: State.OOMKilled,
    error: State.Error,
    health: toHealth(State.Health?.Status),
    restartCount: raw.RestartCount,
    ports: boundPorts(NetworkSettings.Ports),
    mounts: raw.Mounts.map((mount) => ({
      source: mount.Source,
      volume: mount.Type === 'volume' ? (mount.Name ?? null) : null,
      target: mount.Destination,
      type: mount.Type,
      readOnly: !mount.RW,
    })),
    environment: toMap(Config.Env),
    labels: Config.Labels ?? {},
    command: Config.Cmd ?? [],
    entrypoint: list(Config.Entrypoint),
    user: Config.User,
    tty: Config.Tty,
    openStdin: Config.OpenStdin,
    privileged: HostConfig.Privileged ?? false,
    restartPolicy: restartText(HostConfig.RestartPolicy),
    limits: limitsOf(HostConfig),
    networkMode: HostConfig.NetworkMode ?? '',
    networks: Object.entries(NetworkSettings.Networks ?? {}).map(([name, network]) => ({
      name,
      address: network.IPAddress,
    })),
    pid: State.Pid > 0 ? State.Pid : null,
  };
}

/** The name of a container's image: the one it was made of while that is one of its tags, else its first, else its id. */
export function imageName(asked: string, id: string, tags: readonly string[]): string {
  return tags.includes(asked) ? asked : (tags[0] ?? id);
}

/** Entries `NAME=value` as a map, split at the first `=`. */
export function toMap(entries: readonly string[] | null | undefined): Record<string, string> {
  return Object.fromEntries(
    (entries ?? []).map((entry) => {
      const at = entry.indexOf('=');
      return at === -1 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
}

/** The engine's moments, where its zero means never. */
export function moment(time: string | undefined): string | null {
  return time === undefined || time === '' || time === NEVER ? null : time;
}

function boundPorts(ports: Record<string, PortBinding[] | null> | null | undefined): Record<string, PortBinding[]> {
  const bound = Object.entries(ports ?? {}).flatMap(([port, bindings]) =>
    bindings === null || bindings.length === 0
      ? []
      : [[port, bindings.map(({ HostIp, HostPort }) => ({ HostIp, HostPort }))] as const],
  );
  return Object.fromEntries(bound);
}

function toHealth(status: string | undefined): ContainerInfo['health'] {
  return status === 'starting' || status === 'healthy' || status === 'unhealthy' ? status : null;
}

function restartText(policy: { Name: string; MaximumRetryCount?: number | undefined } | undefined): string {
  const name = policy?.Name === undefined || policy.Name === '' ? 'no' : policy.Name;
  const retries = policy?.MaximumRetryCount ?? 0;
  return name === 'on-failure' && retries > 0 ? `${name}:${retries}` : name;
}

function limitsOf(host: ContainerInspectInfo['HostConfig']): ContainerLimits {
  const { NanoCpus = 0, CpuQuota = 0, CpuPeriod = 0, Memory = 0, PidsLimit = 0 } = host;
  const cpus = NanoCpus > 0 ? NanoCpus / 1e9 : CpuQuota > 0 ? CpuQuota / (CpuPeriod > 0 ? CpuPeriod : 100_000) : 0;
  return {
    ...(cpus > 0 ? { cpus } : {}),
    ...(Memory > 0 ? { memoryBytes: Memory } : {}),
    // The engine answers null where there is no limit.
    ...((PidsLimit ?? 0) > 0 ? { pids: PidsLimit } : {}),
  };
}

function list(value: string | string[] | null | undefined): string[] {
  if (value === null || value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}
