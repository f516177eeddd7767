import type { Engine } from '../engine/engine.ts';
import { DockerError } from '../errors.ts';
import { createPulls } from '../images/pulls.ts';
import { hubLabel, type StartServer } from '../launch.ts';
import type { EgressProxy } from '../policy/egress-proxy.ts';
import { removeContainer, startServerContainer } from './server-container.ts';
import { createServerNetworks } from './server-networks.ts';
import type { SharedFolder } from './shared-folder.ts';

const swarmLabel = 'com.docker.swarm.service.id';

export interface LauncherOptions {
  engine: Engine;
  /** Tells this hub's containers from another's on the same engine. */
  hubId: string;
  /** Null where the engine does not see this process's files: one on another machine. */
  shared: SharedFolder | null;
  /** A shell without libraries (`findStaticShell`), by which pipes go past the engine; null = through the engine. */
  shell: string | null;
  /** Null where containers cannot reach this process (an engine on another machine). */
  proxy: EgressProxy | null;
}

/** Starts servers in containers of an engine, one container for each. */
export function createContainerLauncher(options: LauncherOptions): StartServer {
  const { engine, hubId, shared, shell } = options;
  const networks = createServerNetworks(engine, hubId, options.proxy);
  const pulls = createPulls(engine);
  const left = createLeftovers(engine);
  return (start) => startServerContainer(start, { engine, hubId, shared, shell, networks, pulls, left });
}

/** How long an engine is left alone that did not remove a container: longer and longer. */
const firstRetryMs = 3_000;
const lastRetryMs = 60_000;

/** Removes what could not be removed while the engine was away, once it is back; gives the function that takes a name. */
function createLeftovers(engine: Engine): (name: string) => void {
  const names = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let isClearing = false;
  let retryMs = firstRetryMs;
  async function clear(): Promise<void> {
    if (isClearing) return;
    isClearing = true;
    for (const name of names) if (await removeContainer(engine, name)) names.delete(name);
    isClearing = false;
    retry();
  }
  // An engine that just came back may refuse at first, and no later change of its state would trigger another try.
  function retry(): void {
    clearTimeout(timer);
    if (names.size === 0 || engine.state().phase !== 'reachable') return;
    timer = setTimeout(() => void clear(), retryMs).unref();
    retryMs = Math.min(lastRetryMs, retryMs * 2);
  }
  engine.onState(({ phase }) => {
    retryMs = firstRetryMs;
    if (phase === 'reachable') void clear();
  });
  return (name) => {
    names.add(name);
    retry();
  };
}

/**
 * Ends and removes what a killed hub left on an engine: containers with its label, and volumes and networks of it that
 * nothing uses any more. Resolves with the names of the containers.
 */
export async function removeOrphanContainers(engine: Engine, hubId: string): Promise<string[]> {
  const label = `${hubLabel}=${hubId}`;
  // Replicas of services are the swarm's to end: their service may be found again.
  const left = (await engine.containers.list({ labels: [label] })).filter(({ labels }) => !(swarmLabel in labels));
  await Promise.all(
    left.map(({ id }) =>
      engine.containers.remove(id, { force: true, volumes: true }).catch((error: unknown) => {
        // Gone, or on its way out.
        if (!(error instanceof DockerError) || (error.code !== 'not_found' && error.code !== 'conflict')) throw error;
      }),
    ),
  );
  const volumes = (await engine.volumes.list()).filter(({ labels }) => labels[hubLabel] === hubId);
  for (const { name } of volumes) await engine.volumes.remove(name, { force: true }).catch(() => {});
  const networks = (await engine.networks.list()).filter(({ labels }) => labels[hubLabel] === hubId);
  for (const { id } of networks) await engine.networks.remove(id).catch(() => {});
  return left.map(({ name }) => name);
}
