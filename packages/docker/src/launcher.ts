import type { Link, LinkContext, LinkEvents } from '@switchboard/mcp-runtime';
import type { EgressProxy } from './egress-proxy.ts';
import type { Engine } from './engine.ts';
import { DockerError } from './errors.ts';
import { openHttpContainer } from './http-link.ts';
import { hubLabel, type ContainerLaunch, type LinkKit } from './launch.ts';
import { createPulls } from './pulls.ts';
import { removeContainer, startServerContainer, type ServerContainer } from './server-container.ts';
import { createServerNetworks } from './server-networks.ts';
import type { SharedFolder } from './shared-folder.ts';
import { openStdioContainer } from './stdio-link.ts';

const swarmLabel = 'com.docker.swarm.service.id';

export interface LauncherOptions {
  engine: Engine;
  /** Tells this hub's containers from another's on the same engine. */
  hubId: string;
  kit: LinkKit;
  /** Null where the engine does not see this process's files: one on another machine. */
  shared: SharedFolder | null;
  /** A shell without libraries (`findStaticShell`), by which pipes go past the engine; null = through the engine. */
  shell: string | null;
  /** Null where containers cannot reach this process (an engine on another machine). */
  proxy: EgressProxy | null;
}

export type ContainerLauncher = (launch: ContainerLaunch, context: LinkContext, events: LinkEvents) => Promise<Link>;

/** Opens links to servers in containers: for the runtime's `launchers.container`. */
export function createContainerLauncher(options: LauncherOptions): ContainerLauncher {
  const { engine, hubId, kit, shared, shell } = options;
  const networks = createServerNetworks(engine, hubId, options.proxy);
  const pulls = createPulls(engine);
  const leftovers = new Set<string>();
  // What could not be removed while the engine was away goes when it is back.
  engine.onState(({ phase }) => {
    if (phase !== 'reachable') return;
    for (const id of leftovers) {
      void removeContainer(engine, id).then((isGone) => isGone && leftovers.delete(id));
    }
  });
  return async (launch, context, events) => {
    const { serverId, instance, signal } = context;
    function progress(text: string) {
      events.log('info', 'hub', text);
    }
    let container: ServerContainer;
    try {
      container = await startServerContainer(launch, {
        engine,
        hubId,
        serverId,
        instance,
        shared,
        shell,
        networks,
        pulls,
        progress,
        signal,
        left: (id) => leftovers.add(id),
      });
    } catch (error) {
      if (signal.aborted) throw new kit.LinkError('closed', 'The start was given up.', { cause: error });
      throw asLinkError(kit, error);
    }
    if (signal.aborted) {
      await container.remove();
      throw new kit.LinkError('closed', 'The start was given up.');
    }
    return launch.transport.kind === 'stdio'
      ? openStdioContainer(kit, container, launch, context, events)
      : await openHttpContainer(kit, container, launch, context, events);
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

function asLinkError(kit: LinkKit, error: unknown): Error {
  if (error instanceof kit.LinkError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new kit.LinkError('unreachable', message, { cause: error });
}
