import type { Readable, Writable } from 'node:stream';
import type { VolumesInput } from './containers/create-forms.ts';
import type { ContainerLimits, CreateContainer } from './containers/create-spec.ts';
import { invalid } from './errors.ts';

/** The networks that a server's container may reach. */
export type ServerNetwork =
  | { kind: 'none' }
  /** Only these hosts, through a proxy. */
  | { kind: 'allow'; hosts: readonly string[] }
  | { kind: 'open' }
  /** A network of the engine by its name. */
  | { kind: 'named'; name: string };

/** A server as it is to run in a container. */
export interface ServerLaunch {
  image: string;
  /** Words after the image's entrypoint; empty = the image's own command. */
  command: readonly string[];
  entrypoint?: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Become files `/run/secrets/<name>`; `<name>_FILE` has the path. */
  secrets?: Readonly<Record<string, string>>;
  /** Become files below `/tool` that it may read only, by their relative paths. */
  files?: Readonly<Record<string, string>>;
  /** Whether it talks over its pipes, or answers HTTP on a port. */
  transport: { kind: 'stdio' } | { kind: 'http'; port: number };
  network: ServerNetwork;
  /** `unconfined`: allowed hosts may be at private addresses. */
  authority?: { unconfined: boolean };
  volumes?: VolumesInput;
  limits?: ContainerLimits;
  /** `image` = whatever the image says; default: its user where that is not root, else nobody. */
  user?: string;
  workingDir?: string;
  /** False leaves the container's root writable. */
  readOnly?: boolean;
  pull?: 'missing' | 'always' | 'never';
  /** A service of the swarm instead of one container; for servers that answer HTTP. */
  swarm?: { replicas: number; constraints?: readonly string[] };
}

/** A server to start once. */
export interface ServerStart {
  launch: ServerLaunch;
  serverId: string;
  instance: string;
  /** Aborted where the start is cancelled. */
  signal: AbortSignal;
  /** Told while an image is pulled. */
  progress(text: string): void;
}

/** How a server ended. */
export type ServerExit =
  /** `code` is null where it is not known: the container is gone, or its engine. */
  | { how: 'exited'; code: number | null }
  | { how: 'out-of-memory'; megabytes: number }
  /** A replica that another link released, or that the swarm starts again. */
  | { how: 'let-go' | 'replaced'; slot: number };

/** One running server, from its start to the removal of its last object. */
export interface RunningServer {
  /** Null where its process is on another machine. */
  readonly pid: number | null;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** `host:port` where its port answers this process; null where it talks over its pipes. */
  readonly address: string | null;
  /** Resolves once it has ended, however that came about. */
  readonly exited: Promise<ServerExit>;
  kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Removes it and what belonged to it; ends it where it still runs. `lost` = nobody asked it to end. */
  remove(options: { lost: boolean }): Promise<void>;
}

/** Starts a server. Rejects with DockerError, and leaves nothing behind then. */
export type StartServer = (start: ServerStart) => Promise<RunningServer>;

export const hubLabel = 'switchboard.hub';
export const serverLabel = 'switchboard.server';
export const instanceLabel = 'switchboard.instance';

export const secretsFolder = '/run/secrets';
export const filesFolder = '/tool';
const nobody = '65534:65534';
const mb = 1024 * 1024;
export const defaultLimits: Required<ContainerLimits> = { cpus: 1, memoryBytes: 512 * mb, pids: 256 };

export interface Placement {
  hubId: string;
  serverId: string;
  instance: string;
  name: string;
  /** `Config.User` of the image. */
  imageUser: string;
  /** Network to join. */
  network: string;
  /** Host folders and volumes on top of the launch's own. */
  volumes: VolumesInput;
  /** The command in place of the image's entrypoint and command; null for the launch's own. */
  piped: { entrypoint: readonly string[]; command: readonly string[] } | null;
  /** Whether the port is published on loopback. */
  publish: boolean;
  /** Variables on top, for example those of a proxy. */
  extraEnv?: Readonly<Record<string, string>>;
}

/** A container for a server: confined by default, opened only where the launch says so. */
export function toServerContainer(launch: ServerLaunch, placement: Placement): CreateContainer {
  const { transport, secrets = {}, volumes = {} } = launch;
  const { piped } = placement;
  const isAttached = transport.kind === 'stdio' && piped === null;
  return {
    image: launch.image,
    name: placement.name,
    ...(piped ?? ownWords(launch)),
    ...(launch.workingDir === undefined ? {} : { workingDir: launch.workingDir }),
    environment: { ...homeFor(launch, placement), ...placement.extraEnv, ...secretVariables(secrets), ...launch.env },
    user: userFor(launch, placement.imageUser),
    hostname: 'server',
    openStdin: isAttached,
    stdinOnce: isAttached,
    // Messages are nobody's log; what it complains about is read as it comes.
    logDriver: 'none',
    labels: {
      [hubLabel]: placement.hubId,
      [serverLabel]: placement.serverId,
      [instanceLabel]: placement.instance,
    },
    network: placement.network,
    ...(transport.kind === 'http' && placement.publish ? { ports: { [`${transport.port}/tcp`]: '127.0.0.1:' } } : {}),
    volumes: { ...volumes, ...placement.volumes },
    limits: { ...defaultLimits, ...launch.limits },
    readOnly: launch.readOnly ?? true,
    // Package runners install here and run what they installed.
    tmpfs: { '/tmp': 'rw,exec,nosuid,nodev,size=256m,mode=1777' },
    capDrop: ['ALL'],
    securityOpt: ['no-new-privileges'],
    init: true,
    restart: 'no',
  };
}

/** The user a server runs as; never root unless the launch names it. */
export function userFor({ user }: ServerLaunch, imageUser: string): string {
  if (user === 'image') return imageUser;
  if (user !== undefined) return user;
  return /^(?:|root|0)(?::.*)?$/.test(imageUser) ? nobody : imageUser;
}

/** All the words that the image and the launch would run together. */
export function wordsOf(
  launch: ServerLaunch,
  image: { entrypoint: readonly string[]; command: readonly string[] },
): string[] {
  const { entrypoint = image.entrypoint, command } = launch;
  const own = command.length > 0 || launch.entrypoint !== undefined ? command : image.command;
  const words = [...entrypoint, ...own];
  if (words.length === 0) throw invalid('command', `the image ${launch.image} has no command of its own: give one.`);
  return words;
}

function ownWords({ command, entrypoint }: ServerLaunch): Pick<CreateContainer, 'command' | 'entrypoint'> {
  return { ...(command.length === 0 ? {} : { command }), ...(entrypoint === undefined ? {} : { entrypoint }) };
}

// The user `nobody` has no home, and programs fail in odd ways without one they can write to.
function homeFor(launch: ServerLaunch, { imageUser }: Placement): Record<string, string> {
  return userFor(launch, imageUser) === nobody ? { HOME: '/tmp' } : {};
}

/** The variables with the path of each secret. */
export function secretVariables(secrets: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.keys(secrets).map((name) => [`${name}_FILE`, `${secretsFolder}/${name}`]));
}
