import type { Readable, Writable } from 'node:stream';
import type { Link, LinkContext, LinkError, LinkEvents, OpenLink } from '@switchboard/mcp-runtime';
import type { ContainerLaunch, ContainerNetworkAccess, ContainerTransport } from '@switchboard/mcp-runtime/types';
import type { VolumesInput } from './create-forms.ts';
import type { ContainerLimits, CreateContainer } from './create-spec.ts';
import { invalid } from './errors.ts';

export type { ContainerLaunch, ContainerNetworkAccess, ContainerTransport };

export const hubLabel = 'switchboard.hub';
export const serverLabel = 'switchboard.server';
export const instanceLabel = 'switchboard.instance';

export const secretsFolder = '/run/secrets';
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
  /** What is run in place of the image's entrypoint and command; null = the launch's own words. */
  piped: { entrypoint: readonly string[]; command: readonly string[] } | null;
  /** Whether the port is published on loopback. */
  publish: boolean;
  /** Variables on top, for example those of a proxy. */
  extraEnv?: Readonly<Record<string, string>>;
}

/** A container for a server: closed in by default, opened only where the launch says so. */
export function toServerContainer(launch: ContainerLaunch, placement: Placement): CreateContainer {
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
export function userFor({ user }: ContainerLaunch, imageUser: string): string {
  if (user === 'image') return imageUser;
  if (user !== undefined) return user;
  return /^(?:|root|0)(?::.*)?$/.test(imageUser) ? nobody : imageUser;
}

/** All the words that the image and the launch would run together. */
export function wordsOf(
  launch: ContainerLaunch,
  image: { entrypoint: readonly string[]; command: readonly string[] },
): string[] {
  const { entrypoint = image.entrypoint, command } = launch;
  const own = command.length > 0 || launch.entrypoint !== undefined ? command : image.command;
  const words = [...entrypoint, ...own];
  if (words.length === 0) throw invalid('command', `the image ${launch.image} has no command of its own: give one.`);
  return words;
}

function ownWords({ command, entrypoint }: ContainerLaunch): Pick<CreateContainer, 'command' | 'entrypoint'> {
  return { ...(command.length === 0 ? {} : { command }), ...(entrypoint === undefined ? {} : { entrypoint }) };
}

// Nobody has no home, and programs fail in odd ways without one they can write to.
function homeFor(launch: ContainerLaunch, { imageUser }: Placement): Record<string, string> {
  return userFor(launch, imageUser) === nobody ? { HOME: '/tmp' } : {};
}

/** The variables that tell where each secret is. */
export function secretVariables(secrets: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.keys(secrets).map((name) => [`${name}_FILE`, `${secretsFolder}/${name}`]));
}

/** What the runtime's own links are made of, handed in so that a server behaves the same in a container. */
export interface LinkKit {
  LinkError: new (code: LinkError['code'], message: string, options?: { cause?: unknown }) => LinkError;
  /** `onFault` is told why a server has to be ended: its output cannot be read. */
  readMessages(
    stdout: Readable,
    context: LinkContext,
    events: LinkEvents,
    onFault: (why: string) => void,
  ): { end(): void };
  readComplaints(
    stderr: Readable,
    events: LinkEvents,
    onFault: (why: string) => void,
  ): { end: () => void; last: () => string };
  writeMessages(stdin: Writable): { write: Link['send']; end: () => void; stop: (error: LinkError) => void };
  createMask(values: Iterable<string>): (text: string) => string;
  /** Opens a link to an HTTP server. */
  openRemote: OpenLink;
}
