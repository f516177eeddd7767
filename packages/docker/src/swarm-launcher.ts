import { setTimeout as sleep } from 'node:timers/promises';
import type { Link, LinkError, LinkEvents } from '@switchboard/mcp-runtime';
import { DockerError } from './errors.ts';
import { waitForHttp } from './http-ready.ts';
import {
  defaultLimits,
  hubLabel,
  secretVariables,
  serverLabel,
  userFor,
  type ContainerLaunch,
  type LinkKit,
} from './launch.ts';
import type { ContainerLauncher } from './launcher.ts';
import type { ServicePlacement } from './swarm-spec.ts';
import type { Swarm, SwarmTask } from './swarm.ts';

export interface SwarmLauncherOptions {
  swarm: Swarm;
  hubId: string;
  kit: LinkKit;
  /** How this hub reaches a node; default its address, loopback where the swarm has one node only. */
  addressOf?: (nodeId: string) => Promise<string>;
  /** How often an open link looks whether its replica still runs. */
  lookEveryMs?: number;
  /** How long a service is kept for the next link after its last one was lost. */
  lingerMs?: number;
}

/** Links that are open to one service, by the replica they lead to. */
interface Use {
  links: number;
  byTask: Map<string, number>;
  removal: NodeJS.Timeout | null;
}

const defaultLookEveryMs = 2_000;
const defaultLingerMs = 60_000;
const pollMs = 200;
/** A service has its first task at once; without one for this long it is gone. */
const noTaskMs = 5_000;
/** A replica that failed so often in a row will not come up by waiting. */
const hopeless = 3;

/** Opens links to servers that are placed in a swarm; each link keeps to one replica. */
export function createSwarmLauncher(options: SwarmLauncherOptions): ContainerLauncher {
  const { swarm, hubId, kit } = options;
  const addressOf = options.addressOf ?? ((nodeId: string) => nodeAddress(swarm, nodeId));
  const uses = new Map<string, Use>();

  async function remove(serviceId: string) {
    uses.delete(serviceId);
    await swarm.remove(serviceId).catch(() => {});
  }
  function enter(serviceId: string): Use {
    const use = uses.get(serviceId) ?? { links: 0, byTask: new Map<string, number>(), removal: null };
    uses.set(serviceId, use);
    if (use.removal !== null) clearTimeout(use.removal);
    use.removal = null;
    use.links += 1;
    return use;
  }
  async function leave(serviceId: string, taskId: string, isLost: boolean) {
    const use = uses.get(serviceId);
    if (use === undefined) return;
    use.links -= 1;
    use.byTask.set(taskId, (use.byTask.get(taskId) ?? 1) - 1);
    if (use.links > 0) return;
    if (!isLost) return await remove(serviceId);
    use.removal = setTimeout(() => void remove(serviceId), options.lingerMs ?? defaultLingerMs).unref();
  }

  return async (launch, context, events) => {
    const { transport } = launch;
    if (transport.kind !== 'http') {
      throw new kit.LinkError(
        'unreachable',
        'A server in a swarm has to answer HTTP: its input cannot be reached there.',
      );
    }
    try {
      const service = await swarm.place(toPlacement(launch, hubId, context.serverId), { signal: context.signal });
      const use = enter(service.id);
      let task: SwarmTask | null = null;
      try {
        task = await waitForTask(swarm, service.id, transport.port, use, context.signal);
        use.byTask.set(task.id, (use.byTask.get(task.id) ?? 0) + 1);
        const host = await addressOf(task.nodeId);
        const url = `http://${host}:${task.ports[transport.port] ?? transport.port}${transport.path}`;
        await waitForHttp(url, () => false, context.signal);
        const remote = { kind: transport.sse === true ? ('sse' as const) : ('streamable-http' as const), url };
        const headers = transport.headers ?? {};
        const watched = watchTask(options, task, events, (isLost) => leave(service.id, task?.id ?? '', isLost));
        const link = await kit.openRemote({ ...remote, headers, allowPrivate: true }, context, watched.events);
        return watched.follow(link);
      } catch (error) {
        await leave(service.id, task?.id ?? '', false);
        throw error;
      }
    } catch (error) {
      if (error instanceof kit.LinkError) throw error;
      if (context.signal.aborted) throw new kit.LinkError('closed', 'The start was given up.', { cause: error });
      throw new kit.LinkError('unreachable', error instanceof Error ? error.message : String(error), { cause: error });
    }
  };
}

/** Removes the services of a hub whose servers it no longer has. Resolves with their names. */
export async function removeOrphanServices(swarm: Swarm, hubId: string, keep: ReadonlySet<string>): Promise<string[]> {
  const services = await swarm.services({ labels: [`${hubLabel}=${hubId}`] });
  const left = services.filter(({ labels }) => !keep.has(labels[serverLabel] ?? ''));
  for (const { id } of left) await swarm.remove(id);
  return left.map(({ name }) => name);
}

function toPlacement(launch: ContainerLaunch, hubId: string, serverId: string): ServicePlacement {
  const { transport, secrets = {}, entrypoint = null, swarm } = launch;
  return {
    name: `sb-${hubId}-${serverId}`.toLowerCase().slice(0, 63),
    image: launch.image,
    command: launch.command,
    entrypoint,
    env: { ...secretVariables(secrets), ...launch.env },
    secrets,
    user: userFor(launch, ''),
    port: transport.kind === 'http' ? transport.port : 0,
    replicas: swarm?.replicas ?? 1,
    limits: { ...defaultLimits, ...launch.limits },
    labels: { [hubLabel]: hubId, [serverLabel]: serverId },
    constraints: swarm?.constraints ?? [],
  };
}

/** The replica with the fewest links, once one runs. */
async function waitForTask(
  swarm: Swarm,
  serviceId: string,
  port: number,
  use: Use,
  signal: AbortSignal,
): Promise<SwarmTask> {
  const begun = performance.now();
  for (;;) {
    const tasks = await swarm.tasks(serviceId, { signal });
    if (tasks.length === 0 && performance.now() - begun > noTaskMs) {
      throw new DockerError('failed', 'The service of the server is gone: somebody removed it.');
    }
    const ready = tasks
      .filter(({ state, desired, ports }) => state === 'running' && desired === 'running' && ports[port] !== undefined)
      .toSorted((one, other) => (use.byTask.get(one.id) ?? 0) - (use.byTask.get(other.id) ?? 0));
    const [task] = ready;
    if (task !== undefined) return task;
    const failed = tasks.filter(({ error }) => error !== '');
    if (failed.length >= hopeless)
      throw new DockerError('failed', `The swarm cannot run the server: ${failed[0]?.error ?? ''}.`);
    await sleep(pollMs, null, { signal });
  }
}

/** Closes a link when its replica is gone, so that the next one leads to another. */
function watchTask(
  options: SwarmLauncherOptions,
  task: SwarmTask,
  events: LinkEvents,
  leave: (isLost: boolean) => Promise<void>,
) {
  const { kit, swarm, lookEveryMs = defaultLookEveryMs } = options;
  const stop = new AbortController();
  let reason: LinkError | null = null;
  let ending: Promise<void> | null = null;
  async function end(error: LinkError | null) {
    stop.abort();
    await leave(reason !== null || error !== null);
    events.closed(reason ?? error);
  }
  function closed(error: LinkError | null): Promise<void> {
    ending ??= end(error);
    return ending;
  }
  async function look(link: Link) {
    while (await sleep(lookEveryMs, true, { signal: stop.signal, ref: false }).catch(() => false)) {
      const tasks = await swarm.tasks(task.serviceId).catch(() => null);
      if (tasks === null || tasks.some(({ id, state }) => id === task.id && state === 'running')) continue;
      reason = new kit.LinkError('closed', `Replica ${task.slot} of the server ended; the swarm starts another.`);
      await link.close({ graceMs: 0 });
      await closed(reason);
    }
  }
  return {
    events: { ...events, closed: (error: LinkError | null) => void closed(error) },
    follow: (link: Link): Link => {
      void look(link);
      return {
        pid: null,
        send: link.send,
        negotiated: link.negotiated,
        close: async (closing) => {
          await link.close(closing);
          await closed(null);
        },
      };
    },
  };
}

async function nodeAddress(swarm: Swarm, nodeId: string): Promise<string> {
  const nodes = await swarm.nodes();
  if (nodes.length === 1) return '127.0.0.1';
  const address = nodes.find(({ id }) => id === nodeId)?.address ?? '';
  if (address === '' || address === '0.0.0.0')
    throw new DockerError('unreachable', `The node ${nodeId} tells no address.`);
  return address.includes(':') ? `[${address}]` : address;
}
