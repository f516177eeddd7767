import type { ContainerCreateOptions, HostConfig } from 'dockerode';
import { invalid } from '../errors.ts';
import { splitCommand } from './command-line.ts';
import { toMounts, toPorts, type PortsInput, type VolumesInput } from './create-forms.ts';

export interface ContainerLimits {
  /** Processors, for example 0.5. */
  cpus?: number;
  memoryBytes?: number;
  /** Most processes and threads. */
  pids?: number;
}

/** The description of a new container, in every form that people and the documented API write. */
export interface CreateContainer {
  image: string;
  name?: string;
  /** Container port (`80/tcp`, `80`) to host port (`8080`, `127.0.0.1:8080`, a list, null or '' for any free one). */
  ports?: PortsInput;
  /** Host path or volume name to container path (`/data`, `/data:ro`, or a list of them). */
  volumes?: VolumesInput;
  environment?: Readonly<Record<string, string | number | boolean | null>> | readonly string[];
  /** A text is split as a shell would split it. */
  command?: string | readonly string[];
  entrypoint?: string | readonly string[];
  workingDir?: string;
  user?: string;
  hostname?: string;
  tty?: boolean;
  openStdin?: boolean;
  /** Its input ends with the first connection to it. */
  stdinOnce?: boolean;
  /** `none` keeps nothing of what it says. */
  logDriver?: string;
  labels?: Readonly<Record<string, string>>;
  /** Name of a network, or `none`, `host`, `bridge`. */
  network?: string;
  networkAliases?: readonly string[];
  extraHosts?: readonly string[];
  /** `no`, `always`, `unless-stopped`, `on-failure` or `on-failure:3`. */
  restart?: string;
  limits?: ContainerLimits;
  readOnly?: boolean;
  /** Container path to mount options (`size=16m`). */
  tmpfs?: Readonly<Record<string, string>>;
  capDrop?: readonly string[];
  capAdd?: readonly string[];
  securityOpt?: readonly string[];
  privileged?: boolean;
  pidMode?: string;
  ipcMode?: string;
  devices?: readonly string[];
  init?: boolean;
  autoRemove?: boolean;
  stopSignal?: string;
  /** Milliseconds a stop waits before the container is killed. */
  stopGraceMs?: number;
}

const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;
const restart = /^(no|always|unless-stopped|on-failure)(?::(\d+))?$/;

/** Checks and normalises; throws DockerError `invalid` with the field at fault. Touches nothing outside. */
export function toCreateOptions(input: CreateContainer): ContainerCreateOptions {
  checkText(input);
  const { portBindings, exposed } = toPorts(input.ports ?? {});
  const { binds, mounts } = toMounts(input.volumes ?? {}, input.labels ?? {});
  return {
    ...(input.name === undefined ? {} : { name: input.name }),
    Image: input.image.trim(),
    ...given('Cmd', words(input.command, 'command')),
    ...given('Entrypoint', words(input.entrypoint, 'entrypoint')),
    ...given('WorkingDir', input.workingDir),
    ...given('User', input.user),
    ...given('Hostname', input.hostname),
    ...given('StopSignal', input.stopSignal),
    ...given('StopTimeout', seconds(input.stopGraceMs)),
    Env: toEnvironment(input.environment ?? {}),
    Labels: { ...input.labels },
    Tty: input.tty ?? false,
    OpenStdin: input.openStdin ?? false,
    ...given('StdinOnce', input.stdinOnce),
    ExposedPorts: exposed,
    HostConfig: { ...toHostConfig(input), PortBindings: portBindings, Binds: binds, Mounts: mounts },
    ...networking(input),
  };
}

function toHostConfig(input: CreateContainer): HostConfig {
  return {
    ...given('NetworkMode', input.network),
    ...given('ExtraHosts', input.extraHosts && [...input.extraHosts]),
    ...given('RestartPolicy', input.restart === undefined ? undefined : toRestartPolicy(input.restart)),
    ...toLimits(input.limits ?? {}),
    ...given('ReadonlyRootfs', input.readOnly),
    ...given('Tmpfs', input.tmpfs && { ...input.tmpfs }),
    ...given('CapDrop', input.capDrop && [...input.capDrop]),
    ...given('CapAdd', input.capAdd && [...input.capAdd]),
    ...given('SecurityOpt', input.securityOpt && [...input.securityOpt]),
    ...given('Privileged', input.privileged),
    ...given('PidMode', input.pidMode),
    ...given('IpcMode', input.ipcMode),
    ...given('Devices', input.devices?.map(toDevice)),
    ...given('Init', input.init),
    ...given('LogConfig', input.logDriver === undefined ? undefined : { Type: input.logDriver, Config: {} }),
    ...given('AutoRemove', input.autoRemove),
  };
}

/** Limits as the engine takes them; swap is not given on top of memory. */
export function toLimits(limits: ContainerLimits): HostConfig {
  const { cpus, memoryBytes, pids } = limits;
  if (cpus !== undefined && !(cpus > 0 && cpus <= 1024)) throw invalid('limits.cpus', 'has to be above 0.');
  if (memoryBytes !== undefined && !(Number.isInteger(memoryBytes) && memoryBytes >= 6 * 1024 * 1024)) {
    throw invalid('limits.memoryBytes', 'has to be a whole number of at least 6 MB (6291456).');
  }
  if (pids !== undefined && !(Number.isInteger(pids) && pids > 0)) {
    throw invalid('limits.pids', 'has to be a whole number above 0.');
  }
  return {
    ...given('NanoCpus', cpus === undefined ? undefined : Math.round(cpus * 1e9)),
    ...(memoryBytes === undefined ? {} : { Memory: memoryBytes, MemorySwap: memoryBytes }),
    ...given('PidsLimit', pids),
  };
}

/** Reads a restart policy as the docker client writes it. */
export function toRestartPolicy(text: string): { Name: string; MaximumRetryCount?: number } {
  const match = restart.exec(text);
  const [, name = '', retries] = match ?? [];
  if (match === null || (retries !== undefined && name !== 'on-failure')) {
    throw invalid('restart', `"${text}" is none of no, always, unless-stopped, on-failure, on-failure:3.`);
  }
  return retries === undefined ? { Name: name } : { Name: name, MaximumRetryCount: Number(retries) };
}

/** Environment entries as `NAME=value`; null leaves a variable that the image sets unset. */
export function toEnvironment(input: NonNullable<CreateContainer['environment']>): string[] {
  const entries = Array.isArray(input)
    ? (input as readonly string[])
    : Object.entries(input).map(([name, value]) => (value === null ? name : `${name}=${String(value)}`));
  for (const entry of entries) {
    const name = entry.split('=', 1)[0] ?? '';
    if (name === '' || /\s/.test(name))
      throw invalid('environment', `"${entry.slice(0, 60)}" does not begin with a name.`);
  }
  if (!Array.isArray(input)) {
    const odd = Object.keys(input).find((name) => name.includes('='));
    if (odd !== undefined) throw invalid('environment', `the name "${odd}" must not hold "=".`);
  }
  return [...entries];
}

function toDevice(text: string) {
  const [onHost = '', inContainer = onHost, permissions = 'rwm'] = text.split(':');
  if (!onHost.startsWith('/')) throw invalid('devices', `"${text}" has to be a path like /dev/fuse.`);
  return { PathOnHost: onHost, PathInContainer: inContainer, CgroupPermissions: permissions };
}

function networking(input: CreateContainer): Pick<ContainerCreateOptions, 'NetworkingConfig'> {
  const { network, networkAliases = [] } = input;
  if (networkAliases.length === 0) return {};
  if (network === undefined || ['none', 'host', 'bridge', 'default'].includes(network)) {
    throw invalid('networkAliases', 'only work on a network of your own: name it in `network`.');
  }
  return { NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [...networkAliases] } } } };
}

function words(value: string | readonly string[] | undefined, field: string): string[] | undefined {
  if (value === undefined) return undefined;
  const list = typeof value === 'string' ? splitCommand(value, field) : [...value];
  return list.length === 0 ? undefined : list;
}

function seconds(ms: number | undefined): number | undefined {
  if (ms === undefined) return undefined;
  if (!(ms >= 0)) throw invalid('stopGraceMs', 'has to be 0 or more.');
  return Math.ceil(ms / 1000);
}

function checkText(input: CreateContainer): void {
  if (input.image.trim() === '' || /\s/.test(input.image.trim())) {
    throw invalid('image', 'name an image, for example "nginx:1.29".');
  }
  if (input.name !== undefined && !namePattern.test(input.name)) {
    throw invalid(
      'name',
      `"${input.name}" has to be at least two letters, digits, "_", "." or "-", not beginning with a sign.`,
    );
  }
  if (input.workingDir !== undefined && !input.workingDir.startsWith('/')) {
    throw invalid('workingDir', 'has to be an absolute path in the container.');
  }
  for (const path of Object.keys(input.tmpfs ?? {})) {
    if (!path.startsWith('/')) throw invalid('tmpfs', `"${path}" has to be an absolute path in the container.`);
  }
  if (JSON.stringify(input).includes('\\u0000')) throw invalid('container', 'no value may hold a NUL character.');
}

function given<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}
