import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { messageOf, type Core } from '@switchboard/core';
import type { Engines, ManagedEngine } from '@switchboard/core/engines';
import { checkLaunch, listServers } from '@switchboard/core/servers';
import {
  createContainerLauncher,
  createEgressProxy,
  createSharedFolder,
  createSwarm,
  createSwarmLauncher,
  DockerError,
  type EgressProxy,
  findStaticShell,
  removeOrphanContainers,
  removeOrphanServices,
  type StartServer,
} from '@switchboard/docker';
import { type ContainerEngine, refuseAddress } from '@switchboard/mcp-runtime';
import type { Runtime } from '@switchboard/mcp-runtime/types';

/** Folders here are in memory. */
const memory = '/dev/shm';
/** How long a start is waited for that nobody else waits for. */
const restartLimitMs = 60_000;
const cleanLimitMs = 3_000;
function sharedRoot(hubId: string): string {
  return path.join(memory, `switchboard-${hubId}`);
}

export interface Containers {
  /** The engine with which the runtime's links start containers. */
  engine: ContainerEngine;
  /** Ends what a killed hub left, on every engine that can be reached; the others follow when they come back. */
  follow(core: Pick<Core, 'ctxFor'>, runtime: Pick<Runtime, 'status' | 'restart'>): void;
  close(): Promise<void>;
}

export interface ContainersOptions {
  engines: Engines;
  dataDir: string;
  log: Logger;
}

interface Launchers {
  single: StartServer;
  swarm: StartServer;
}

/** Tells this hub's containers from another's, for as long as its data directory lives. */
function readHubId(dataDir: string): string {
  const file = path.join(dataDir, 'hub-id');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const id = randomBytes(8).toString('hex');
  writeFileSync(file, `${id}\n`, { mode: 0o600 });
  return id;
}

interface ContainerParts extends ContainersOptions {
  hubId: string;
  proxy: EgressProxy;
}

/** Clears what an earlier run left on an engine, then makes what opens containers on it. */
async function prepare(parts: ContainerParts, { name, engine }: ManagedEngine): Promise<Launchers> {
  const { hubId, log } = parts;
  const info = await engine.info();
  const removed = await removeOrphanContainers(engine, hubId);
  if (removed.length > 0) log.info({ engine: name, count: removed.length }, 'Removed containers of an earlier run');
  // An engine elsewhere, or in a machine of its own, sees neither our files nor our addresses.
  const isHere = engine.host.startsWith('unix:') && info.name === hostname();
  const shared = isHere && existsSync(memory) ? createSharedFolder(path.join(sharedRoot(hubId), name)) : null;
  await shared?.sweep();
  const shell = isHere ? findStaticShell() : null;
  const proxy = isHere ? parts.proxy : null;
  return {
    single: createContainerLauncher({ engine, hubId, shared, shell, proxy }),
    swarm: createSwarmLauncher({ swarm: createSwarm(engine), hubId }),
  };
}

/** Takes away what stood ready for servers; they are closed by now. */
async function clean(
  { hubId }: ContainerParts,
  { engine }: ManagedEngine,
  launchers: Promise<Launchers>,
): Promise<void> {
  await launchers;
  await removeOrphanContainers(engine, hubId);
}

/** Services outlive the hub; those of servers that are not meant to run any more go. */
async function removeStrayServices(
  { hubId, log }: ContainerParts,
  { name, engine }: ManagedEngine,
  core: Pick<Core, 'ctxFor'>,
) {
  if ((await engine.info()).swarm !== 'active') return;
  const { items } = await listServers(core.ctxFor({ type: 'system', job: 'containers' }), {
    kind: ['container'],
    limit: 1000,
  });
  const wanted = items.filter(({ desired, container }) => desired === 'on' && container?.swarm);
  const keep = new Set(wanted.map(({ id }) => id));
  const removed = await removeOrphanServices(createSwarm(engine), hubId, keep);
  if (removed.length > 0) log.info({ engine: name, services: removed }, 'Removed services of servers that are gone');
}

function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (error instanceof DockerError && error.code === 'unreachable') || isAway(error.cause);
}

/** Runs servers in containers, on whichever engine they name. */
export function createContainers(options: ContainersOptions): Containers {
  const { engines, log } = options;
  const proxy = createEgressProxy({
    refuseAddress,
    onRefused: (host, why) => log.info({ host, why }, 'A container was kept from reaching a host'),
  });
  const parts: ContainerParts = { ...options, proxy, hubId: readHubId(options.dataDir) };
  const prepared = new Map<string, Promise<Launchers>>();

  /** Once for each engine; tried again where it was away. */
  function launchersOf(managed: ManagedEngine): Promise<Launchers> {
    const known = prepared.get(managed.name);
    if (known) return known;
    const preparing = prepare(parts, managed);
    prepared.set(managed.name, preparing);
    preparing.catch(() => prepared.delete(managed.name));
    return preparing;
  }

  /** Servers that could not start because their engine was away. */
  const waiting = new Map<string, Set<string>>();
  /** They would wait for minutes otherwise, however soon their engine is back. */
  function startAgain(engine: string, runtime: Pick<Runtime, 'status' | 'restart'>) {
    for (const id of waiting.get(engine) ?? []) {
      if (runtime.status(id)?.phase !== 'error') continue;
      runtime.restart(id, AbortSignal.timeout(restartLimitMs)).catch(() => undefined);
    }
    waiting.delete(engine);
  }

  const stops: (() => void)[] = [];
  return {
    engine: {
      async open(request) {
        const { launch, serverId, signal } = request;
        try {
          const managed = engines.get(launch.engine);
          await checkLaunch(engines, launch, signal);
          const { single, swarm } = await launchersOf(managed);
          return await (launch.swarm === undefined ? single : swarm)(request);
        } catch (error) {
          const name = launch.engine ?? engines.default ?? '';
          if (isAway(error)) waiting.set(name, (waiting.get(name) ?? new Set()).add(serverId));
          throw error;
        }
      },
    },
    follow(core, runtime) {
      for (const managed of engines.names().map((name) => engines.get(name))) {
        async function clear() {
          await launchersOf(managed);
          await removeStrayServices(parts, managed, core);
        }
        function told(error: unknown) {
          log.debug({ engine: managed.name, error: messageOf(error) }, 'An engine could not be cleared yet');
        }
        void clear().catch(told);
        stops.push(
          managed.engine.onState(({ phase }) => {
            if (phase !== 'reachable') return;
            if (!prepared.has(managed.name)) void clear().catch(told);
            startAgain(managed.name, runtime);
          }),
        );
      }
    },
    async close() {
      for (const stop of stops.splice(0)) stop();
      const cleaning = [...prepared].map(([name, launchers]) => clean(parts, engines.get(name), launchers));
      // Objects on an engine that hangs are removed at the next start.
      await Promise.race([Promise.allSettled(cleaning), sleep(cleanLimitMs, null, { ref: false })]);
      await rm(sharedRoot(parts.hubId), { recursive: true, force: true });
      await proxy.close();
    },
  };
}
