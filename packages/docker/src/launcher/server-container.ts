import { randomBytes } from 'node:crypto';
import { attach, type Attached } from '../containers/attach.ts';
import type { ContainerInfo } from '../containers/container-info.ts';
import type { Engine } from '../engine/engine.ts';
import { openPipes, pipedEntrypoint, pipesFolder, shellPath, type Pipes } from '../engine/pipes.ts';
import { DockerError } from '../errors.ts';
import type { Pulls } from '../images/pulls.ts';
import {
  defaultLimits,
  filesFolder,
  hubLabel,
  secretsFolder,
  toServerContainer,
  wordsOf,
  type Placement,
  type RunningServer,
  type ServerExit,
  type ServerLaunch,
  type ServerStart,
} from '../launch.ts';
import type { ServerNetworks } from './server-networks.ts';
import { checkSecretNames, type SharedFolder } from './shared-folder.ts';

/** The common settings of server containers on one engine. */
export interface ContainerDefaults {
  engine: Engine;
  hubId: string;
  /** Null where the engine does not see this process's files. */
  shared: SharedFolder | null;
  /** A shell without libraries on the engine's machine; null = talk through the engine. */
  shell: string | null;
  networks: ServerNetworks;
  pulls: Pulls;
  /** Told the name of a container that could not be removed now, mostly because the engine was away. */
  left: (name: string) => void;
}

/** How long a removal may take before it is left to the next clean-up. */
const removeTimeoutMs = 30_000;

/** Creates, attaches to and starts a container; leaves nothing behind where that fails. Rejects with DockerError. */
export async function startServerContainer(start: ServerStart, around: ContainerDefaults): Promise<RunningServer> {
  const { launch, serverId, instance, signal } = start;
  const { engine, hubId } = around;
  const { pull = 'missing' } = launch;
  if (pull !== 'never') await around.pulls.ensure(launch.image, pull, start.progress, signal);
  const image = await engine.images.get(launch.image, { signal });
  const undo = new AsyncDisposableStack();
  try {
    const access = await around.networks.open(launch, signal);
    undo.defer(access.close);
    const { volumes, pipes } = await share(launch, around, undo);
    const piped = pipes === null ? null : { entrypoint: pipedEntrypoint, command: wordsOf(launch, image) };
    const name = `sb-${serverId}-${randomBytes(4).toString('hex')}`.toLowerCase();
    const placement: Placement = {
      hubId,
      serverId,
      instance,
      name,
      imageUser: image.user,
      network: access.network,
      publish: access.publish,
      extraEnv: access.env,
      volumes,
      piped,
    };
    signal.throwIfAborted();
    // By its name, before it exists: an engine that goes away before it answers may have created it all the same.
    undo.defer(async () => {
      if (!(await removeContainer(engine, name))) around.left(name);
    });
    // Not aborted half-way: the engine would continue and leave an unknown container.
    const { id } = await engine.containers.create(toServerContainer(launch, placement), { pull: 'never' });
    signal.throwIfAborted();
    if (around.shared === null) await copyGiven(launch, engine, id);
    const streams = pipes ?? (await attach(engine.connection, id));
    undo.defer(streams.close);
    const info = await engine.containers.start(id);
    const ended = watchExit(engine, id, launch);
    return manage({ info, engine, streams, ended, address: addressOf(info, launch), belongings: undo.move() });
  } catch (error) {
    await undo.disposeAsync();
    throw error;
  }
}

/** Files for the container in folders that both sides see. */
async function share(
  launch: ServerLaunch,
  around: ContainerDefaults,
  undo: AsyncDisposableStack,
): Promise<{ volumes: Record<string, string>; pipes: Pipes | null }> {
  const { shared, shell } = around;
  const { transport, secrets = {} } = launch;
  const given = givenFolders(launch);
  const wantsPipes = transport.kind === 'stdio' && shell !== null;
  checkSecretNames(secrets);
  if (!(given.length > 0 || (wantsPipes && shared !== null))) return { volumes: {}, pipes: null };
  if (shared === null) return { volumes: await givenVolumes(given, around, undo), pipes: null };
  const folder = await shared.open();
  undo.defer(folder.remove);
  const pipes = wantsPipes ? await openPipes(folder.path) : null;
  if (pipes !== null) undo.defer(pipes.close);
  return {
    pipes,
    volumes: {
      ...Object.fromEntries(
        await Promise.all(given.map(async ({ at, files }) => [await folder.write(at, files), `${at}:ro`] as const)),
      ),
      ...(pipes === null ? {} : { [pipes.folder]: `${pipesFolder}:ro`, [shell ?? '']: `${shellPath}:ro` }),
    },
  };
}

interface GivenFolder {
  /** The path in the container. */
  at: string;
  /** By relative path. */
  files: Readonly<Record<string, string>>;
}

/** The folders that the container is given to read. */
function givenFolders({ secrets = {}, files = {} }: ServerLaunch): GivenFolder[] {
  const all = [
    { at: secretsFolder, files: secrets },
    { at: filesFolder, files },
  ];
  return all.filter((folder) => Object.keys(folder.files).length > 0);
}

/** Without a shared folder they are on the engine's disk for as long as the server lives. */
async function givenVolumes(
  given: readonly GivenFolder[],
  { engine, hubId }: ContainerDefaults,
  undo: AsyncDisposableStack,
): Promise<Record<string, string>> {
  const volumes: Record<string, string> = {};
  for (const { at } of given) {
    const { name } = await engine.volumes.create({ labels: { [hubLabel]: hubId } });
    undo.defer(() => engine.volumes.remove(name, { force: true }).catch(() => {}));
    volumes[name] = at;
  }
  return volumes;
}

/** Copied files belong to root and are read-only. */
async function copyGiven(launch: ServerLaunch, engine: Engine, id: string): Promise<void> {
  for (const { at, files } of givenFolders(launch)) {
    const copied = Object.entries(files).map(([path, content]) => ({ path, content, mode: 0o444 }));
    await engine.files.writeFiles(id, at, copied);
  }
}

function manage(parts: {
  info: ContainerInfo;
  engine: Engine;
  streams: Attached;
  ended: Promise<ServerExit>;
  address: string | null;
  belongings: AsyncDisposableStack;
}): RunningServer {
  const { info, engine, streams, address } = parts;
  let removing: Promise<void> | null = null;
  return {
    pid: engine.connection.engineHost.kind === 'socket' ? info.pid : null,
    stdin: streams.stdin,
    stdout: streams.stdout,
    stderr: streams.stderr,
    address,
    exited: parts.ended.then((exit) => {
      streams.ended();
      return exit;
    }),
    kill: async (name) => {
      const { docker } = engine.connection;
      await engine.connection
        .call((abortSignal) => docker.getContainer(info.id).kill({ signal: name, abortSignal }), { timeoutMs: 10_000 })
        // It has ended meanwhile, or the engine is away: either way there is nothing more to say.
        .catch(() => {});
    },
    remove: () => {
      removing ??= parts.belongings.disposeAsync();
      return removing;
    },
  };
}

/** The address of a container's port: on loopback where it is published, else at the container's own address. */
function addressOf(info: ContainerInfo, { transport }: ServerLaunch): string | null {
  if (transport.kind !== 'http') return null;
  const published = info.ports[`${transport.port}/tcp`]?.[0];
  if (published !== undefined) return `127.0.0.1:${published.HostPort}`;
  const own = info.networks.find(({ address }) => address !== '')?.address;
  return `${own ?? '127.0.0.1'}:${transport.port}`;
}

// Asked once it was started: of a container that has ended by then the engine answers at once. A question for its next
// end may reach a busy engine after the only one.
async function watchExit(engine: Engine, id: string, launch: ServerLaunch): Promise<ServerExit> {
  const { docker } = engine.connection;
  const ended = await engine.connection
    .call((abortSignal) => docker.getContainer(id).wait({ condition: 'not-running', abortSignal }), { timeoutMs: 0 })
    .catch(() => null);
  const info = await engine.containers.get(id, { timeoutMs: 5_000 }).catch(() => null);
  const code = (ended as { StatusCode: number } | null)?.StatusCode ?? info?.exitCode ?? null;
  if (!info?.outOfMemory) return { how: 'exited', code };
  const memoryBytes = launch.limits?.memoryBytes ?? defaultLimits.memoryBytes;
  return { how: 'out-of-memory', megabytes: Math.round(memoryBytes / 2 ** 20) };
}

/** By id or name. Resolves with false where the engine was away and it may still be there. */
export async function removeContainer(engine: Engine, id: string): Promise<boolean> {
  const options = { force: true, volumes: true, timeoutMs: removeTimeoutMs };
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      await engine.containers.remove(id, options);
      return true;
    } catch (error) {
      if (error instanceof DockerError && error.code === 'not_found') return true;
      if (error instanceof DockerError && error.code === 'unreachable') return false;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return false;
}
