import { number, odd, record, records, secondsToTime, text, textMap, texts, type Fields } from '../engine/shape.ts';
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
  /** The engine's word: created, running, paused, restarting, removing, exited, dead; `unknown` where it says none. */
  status: string;
  /** RFC 3339. */
  created: string;
  startedAt: string | null;
  finishedAt: string | null;
  exitCode: number | null;
  outOfMemory: boolean;
  /** The engine's error about a failed start; empty for none. */
  error: string;
  health: 'starting' | 'healthy' | 'unhealthy' | null;
  restartCount: number;
  /** Only ports that have host bindings: those it has, or while it does not run those it was made with. */
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
  /** Why the engine does not describe it, so that only what its list says is here; null where it does. */
  undescribed: string | null;
}

const zeroTime = '0001-01-01T00:00:00Z';

/** Words of a container whose ports are bound now. */
const running: ReadonlySet<string> = new Set(['running', 'paused', 'restarting']);

/**
 * Makes the description of a container from what the engine says; `imageTags` are the tags of its image. Throws
 * DockerError `failed` where the answer names no container.
 */
export function toContainerInfo(answer: unknown, imageTags: readonly string[]): ContainerInfo {
  const raw = record(answer);
  const id = text(raw['Id']);
  if (id === '') throw odd('the description of a container');
  const state = record(raw['State']);
  const config = record(raw['Config']);
  const host = record(raw['HostConfig']);
  const network = record(raw['NetworkSettings']);
  const status = text(state['Status'], 'unknown');
  const imageId = text(raw['Image']);
  return {
    id,
    name: text(raw['Name']).replace(/^\//, '') || id.slice(0, 12),
    image: imageName(text(config['Image']), imageId, imageTags),
    imageId,
    status,
    created: text(raw['Created'], zeroTime),
    startedAt: moment(state['StartedAt']),
    finishedAt: moment(state['FinishedAt']),
    exitCode: status !== 'created' && state['Running'] !== true ? number(state['ExitCode']) : null,
    outOfMemory: state['OOMKilled'] === true,
    error: text(state['Error']),
    health: toHealth(record(state['Health'])['Status']),
    restartCount: number(raw['RestartCount']),
    ports: running.has(status) ? boundPorts(network['Ports']) : chosenPorts(host['PortBindings']),
    mounts: records(raw['Mounts']).map(toMount),
    environment: toMap(texts(config['Env'])),
    labels: textMap(config['Labels']),
    command: texts(config['Cmd']),
    entrypoint: texts(config['Entrypoint']),
    user: text(config['User']),
    tty: config['Tty'] === true,
    openStdin: config['OpenStdin'] === true,
    privileged: host['Privileged'] === true,
    restartPolicy: restartText(record(host['RestartPolicy'])),
    limits: limitsOf(host),
    networkMode: text(host['NetworkMode']),
    networks: toNetworks(network['Networks']),
    pid: number(state['Pid']) > 0 ? number(state['Pid']) : null,
    undescribed: null,
  };
}

/** The same from an entry of the engine's list, for a container that the engine does not describe; `reason` says why. */
export function fromListed(entry: Fields, reason: string): ContainerInfo {
  const id = text(entry['Id']);
  return {
    ...toContainerInfo({ Id: id, Mounts: entry['Mounts'] }, []),
    name: listedName(entry) ?? id.slice(0, 12),
    image: text(entry['Image']),
    imageId: text(entry['ImageID']),
    status: text(entry['State'], 'unknown'),
    created: secondsToTime(entry['Created']),
    exitCode: null,
    labels: textMap(entry['Labels']),
    command: texts(entry['Command']),
    networkMode: text(record(entry['HostConfig'])['NetworkMode']),
    networks: toNetworks(record(entry['NetworkSettings'])['Networks']),
    undescribed: reason,
  };
}

/** The name in an entry of the engine's list; null where it has none. Names with another slash are those of links. */
export function listedName(entry: Fields): string | null {
  const names = texts(entry['Names']).map((name) => name.replace(/^\//, ''));
  return names.find((name) => name !== '' && !name.includes('/')) ?? null;
}

function toMount(mount: Fields): ContainerMount {
  const type = text(mount['Type']);
  return {
    source: text(mount['Source']),
    volume: type === 'volume' ? text(mount['Name']) || null : null,
    target: text(mount['Destination']),
    type,
    readOnly: mount['RW'] !== true,
  };
}

function toNetworks(networks: unknown): ContainerNetwork[] {
  return Object.entries(record(networks)).map(([name, network]) => ({
    name,
    address: text(record(network)['IPAddress']),
  }));
}

/** The name of a container's image: the one it was made of while that is one of its tags, else its first, else its id. */
export function imageName(asked: string, id: string, tags: readonly string[]): string {
  return tags.includes(asked) ? asked : (tags[0] ?? id);
}

/** Entries `NAME=value` as a map, split at the first `=`. */
export function toMap(entries: readonly string[] | null | undefined): Record<string, string> {
  return Object.fromEntries(
    (entries ?? []).flatMap((entry) => {
      const at = entry.indexOf('=');
      // A name alone takes the variable away.
      return at === -1 ? [] : [[entry.slice(0, at), entry.slice(at + 1)]];
    }),
  );
}

/** The engine's moments, where its zero means never. */
export function moment(time: unknown): string | null {
  return typeof time !== 'string' || time === '' || time === zeroTime ? null : time;
}

function boundPorts(ports: unknown): Record<string, PortBinding[]> {
  const bound = Object.entries(record(ports)).flatMap(([port, bindings]) => {
    const list = records(bindings).map(({ HostIp, HostPort }) => ({ HostIp: text(HostIp), HostPort: text(HostPort) }));
    return list.length === 0 ? [] : [[port, list] as const];
  });
  return Object.fromEntries(bound);
}

/** Host ports that a container will have; those that the engine chooses are known once it runs. */
function chosenPorts(ports: unknown): Record<string, PortBinding[]> {
  const chosen = Object.entries(boundPorts(ports)).map(
    ([port, bindings]) => [port, bindings.filter(({ HostPort }) => HostPort !== '')] as const,
  );
  return Object.fromEntries(chosen.filter(([, bindings]) => bindings.length > 0));
}

function toHealth(status: unknown): ContainerInfo['health'] {
  return status === 'starting' || status === 'healthy' || status === 'unhealthy' ? status : null;
}

function restartText(policy: Fields): string {
  const name = text(policy['Name']) || 'no';
  const retries = number(policy['MaximumRetryCount']);
  return name === 'on-failure' && retries > 0 ? `${name}:${retries}` : name;
}

function limitsOf(host: Fields): ContainerLimits {
  const nanoCpus = number(host['NanoCpus']);
  const quota = number(host['CpuQuota']);
  const period = number(host['CpuPeriod']);
  const memory = number(host['Memory']);
  const pids = number(host['PidsLimit']);
  const cpus = nanoCpus > 0 ? nanoCpus / 1e9 : quota > 0 ? quota / (period > 0 ? period : 100_000) : 0;
  return {
    ...(cpus > 0 ? { cpus } : {}),
    ...(memory > 0 ? { memoryBytes: memory } : {}),
    ...(pids > 0 ? { pids } : {}),
  };
}
