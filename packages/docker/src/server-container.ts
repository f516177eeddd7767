import { randomBytes } from 'node:crypto';
import { attach, type Attached } from './attach.ts';
import type { ContainerInfo } from './container-info.ts';
import type { Engine } from './engine.ts';
import { DockerError } from './errors.ts';
import { toServerContainer, type ContainerLaunch, type Placement } from './launch.ts';
import type { SecretFiles } from './secret-files.ts';
import type { ServerNetworks } from './server-networks.ts';

export interface ServerExit {
  code: number | null;
  outOfMemory: boolean;
}

/** A container that runs a server, from its start to the last trace of it. */
export interface ServerContainer {
  readonly info: ContainerInfo;
  readonly pipes: Attached;
  /** Resolves once it has ended, however that came about. */
  readonly exited: Promise<ServerExit>;
  running(): boolean;
  signal(name: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Removes it and what belonged to it; ends it where it still runs. */
  remove(): Promise<void>;
}

export interface StartServer {
  engine: Engine;
  hubId: string;
  serverId: string;
  instance: string;
  secretFiles: SecretFiles;
  networks: ServerNetworks;
  /** Told while an image is pulled. */
  progress: (text: string) => void;
  signal: AbortSignal;
}

/** How long a removal may take before it is left to the next clean-up. */
const REMOVE_TIMEOUT_MS = 30_000;
/** A pull tells how far it is this often. */
const TELL_EVERY_MS = 2_000;

/** Creates, attaches to and starts a container; leaves nothing behind where that fails. Rejects with DockerError. */
export async function startServerContainer(launch: ContainerLaunch, start: StartServer): Promise<ServerContainer> {
  const { engine, signal } = start;
  await ensureImage(launch, start);
  const { user } = await engine.images.get(launch.image, { signal });
  const access = await start.networks.open(launch, signal);
  const secrets = await start.secretFiles.write(launch.secrets ?? {});
  const clean = async () => {
    access.close();
    await secrets?.remove();
  };
  const placement: Placement = {
    hubId: start.hubId,
    serverId: start.serverId,
    instance: start.instance,
    name: `sb-${start.serverId}-${randomBytes(4).toString('hex')}`.toLowerCase(),
    imageUser: user,
    network: access.network,
    secretsSource: secrets?.path ?? null,
    publish: access.publish,
    extraEnv: access.env,
  };
  let created: ContainerInfo | null = null;
  try {
    signal.throwIfAborted();
    // Not to be given up half-way: the engine would go on and leave a container nobody knows of.
    created = await engine.containers.create(toServerContainer(launch, placement), { pull: 'never' });
    signal.throwIfAborted();
    const pipes = await attach(engine.connection, created.id);
    const exited = watchExit(engine, created.id);
    const info = await engine.containers.start(created.id);
    return manage(engine, info, pipes, exited, clean);
  } catch (error) {
    if (created !== null) await removeContainer(engine, created.id);
    await clean();
    throw error;
  }
}

function manage(
  engine: Engine,
  info: ContainerInfo,
  pipes: Attached,
  ended: Promise<ServerExit>,
  clean: () => Promise<void>,
): ServerContainer {
  let running = true;
  const exited = ended.then((exit) => {
    running = false;
    return exit;
  });
  let removing: Promise<void> | null = null;
  return {
    info,
    pipes,
    exited,
    running: () => running,
    signal: async (name) => {
      const { docker } = engine.connection;
      await engine.connection
        .call((abortSignal) => docker.getContainer(info.id).kill({ signal: name, abortSignal }), { timeoutMs: 10_000 })
        // It has ended meanwhile, or the engine is away: either way there is nothing more to say.
        .catch(() => {});
    },
    remove: () => {
      removing ??= (async () => {
        pipes.close();
        await removeContainer(engine, info.id);
        await clean();
      })();
      return removing;
    },
  };
}

async function ensureImage(launch: ContainerLaunch, { engine, progress, signal }: StartServer): Promise<void> {
  const { image, pull = 'missing' } = launch;
  if (pull === 'never' || (pull === 'missing' && (await engine.images.has(image, { signal })))) return;
  let told = 0;
  progress(`Pulling the image ${image}.`);
  await engine.images.pull(image, {
    signal,
    onProgress: ({ layersDone, layers }) => {
      if (layers === 0 || Date.now() - told < TELL_EVERY_MS) return;
      told = Date.now();
      progress(`Pulling the image ${image}: ${layersDone} of ${layers} layers.`);
    },
  });
}

// Asked before the start, so that even the shortest life is seen.
async function watchExit(engine: Engine, id: string): Promise<ServerExit> {
  const { docker } = engine.connection;
  const ended = await engine.connection
    .call((abortSignal) => docker.getContainer(id).wait({ condition: 'next-exit', abortSignal }), { timeoutMs: 0 })
    .catch(() => null);
  const info = await engine.containers.get(id, { timeoutMs: 5_000 }).catch(() => null);
  const code = (ended as { StatusCode: number } | null)?.StatusCode ?? info?.exitCode ?? null;
  return { code, outOfMemory: info?.outOfMemory ?? false };
}

async function removeContainer(engine: Engine, id: string): Promise<void> {
  const options = { force: true, volumes: true, timeoutMs: REMOVE_TIMEOUT_MS };
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      await engine.containers.remove(id, options);
      return;
    } catch (error) {
      if (error instanceof DockerError && (error.code === 'not_found' || error.code === 'unreachable')) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
