import { createContainerFiles, type ContainerFiles } from '../containers/container-files.ts';
import { createContainerOutput, type ContainerOutput } from '../containers/container-output.ts';
import { createContainers, type Containers } from '../containers/containers.ts';
import { createExec, type Exec } from '../containers/exec.ts';
import { createNetworks, type Networks } from '../containers/networks.ts';
import { createVolumes, type Volumes } from '../containers/volumes.ts';
import { createImages, type Images } from '../images/images.ts';
import { dial, createConnection, type CallOptions, type Connection } from './connection.ts';
import type { EngineHost } from './host.ts';
import { number, record, text, texts } from './shape.ts';
import { createWatcher, type EngineEvent, type EngineState } from './watch.ts';

export interface EngineVersion {
  version: string;
  apiVersion: string;
  os: string;
  architecture: string;
}

export interface EngineInfo {
  name: string;
  version: string;
  operatingSystem: string;
  architecture: string;
  cpus: number;
  memoryBytes: number;
  storageDriver: string;
  containers: number;
  running: number;
  paused: number;
  stopped: number;
  images: number;
  swarm: 'inactive' | 'pending' | 'active' | 'error' | 'locked';
  /** The engine's own warnings about itself. */
  warnings: string[];
}

export interface Engine {
  readonly name: string;
  /** The engine in the form of `DOCKER_HOST`. */
  readonly host: string;
  readonly connection: Connection;
  readonly containers: Containers;
  readonly output: ContainerOutput;
  readonly exec: Exec;
  readonly files: ContainerFiles;
  readonly images: Images;
  readonly volumes: Volumes;
  readonly networks: Networks;
  state(): EngineState;
  onState(listener: (state: EngineState) => void): () => void;
  onEvent(listener: (event: EngineEvent) => void): () => void;
  /** Looks now instead of at the next planned attempt. */
  look(): void;
  ping(options?: CallOptions): Promise<void>;
  version(options?: CallOptions): Promise<EngineVersion>;
  info(options?: CallOptions): Promise<EngineInfo>;
  /** Begins to watch the engine; nothing else needs it. */
  start(): void;
  close(): Promise<void>;
}

export interface EngineOptions {
  /** Default `local`. */
  name?: string;
  host: EngineHost;
}

/** One Docker Engine. It may be away: every request then rejects with DockerError `unreachable`, and works again later. */
export function createEngine({ name = 'local', host }: EngineOptions): Engine {
  const connection = createConnection(host);
  const watcher = createWatcher(connection);
  const images = createImages(connection);
  const containers = createContainers(connection, watcher, images);
  const exec = createExec(connection, containers.get);

  return {
    name,
    host: connection.host,
    connection,
    containers,
    images,
    output: createContainerOutput(connection, containers.get),
    exec,
    files: createContainerFiles(connection, containers.get, exec),
    volumes: createVolumes(connection),
    networks: createNetworks(connection),
    state: watcher.state,
    onState: watcher.onState,
    onEvent: watcher.onEvent,
    look: watcher.look,
    ping: async (options = {}) => {
      await dial(connection, { path: '/_ping' }, options);
    },
    version: async (options = {}) => {
      const raw = record(await dial<unknown>(connection, { path: '/version' }, options));
      return {
        version: text(raw['Version']),
        apiVersion: text(raw['ApiVersion']),
        os: text(raw['Os']),
        architecture: text(raw['Arch']),
      };
    },
    info: async (options = {}) => toInfo(await dial<unknown>(connection, { path: '/info' }, options)),
    start: watcher.start,
    close: async () => {
      await watcher.close();
      connection.close();
    },
  };
}

const swarmStates = ['inactive', 'pending', 'active', 'error', 'locked'] as const;

function toInfo(answer: unknown): EngineInfo {
  const raw = record(answer);
  const swarm = record(raw['Swarm'])['LocalNodeState'];
  return {
    name: text(raw['Name']),
    version: text(raw['ServerVersion']),
    operatingSystem: text(raw['OperatingSystem']),
    architecture: text(raw['Architecture']),
    cpus: number(raw['NCPU']),
    memoryBytes: number(raw['MemTotal']),
    storageDriver: text(raw['Driver']),
    containers: number(raw['Containers']),
    running: number(raw['ContainersRunning']),
    paused: number(raw['ContainersPaused']),
    stopped: number(raw['ContainersStopped']),
    images: number(raw['Images']),
    swarm: swarmStates.find((state) => state === swarm) ?? 'inactive',
    warnings: texts(raw['Warnings']),
  };
}
