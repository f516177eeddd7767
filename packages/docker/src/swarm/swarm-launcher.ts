import { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { DockerError } from '../errors.ts';
import {
  defaultLimits,
  hubLabel,
  secretVariables,
  serverLabel,
  userFor,
  type RunningServer,
  type ServerExit,
  type ServerStart,
  type StartServer,
} from '../launch.ts';
import type { ServicePlacement } from './swarm-spec.ts';
import type { Swarm, SwarmTask } from './swarm.ts';

export interface SwarmLauncherOptions {
  swarm: Swarm;
  hubId: string;
  /** How this hub reaches a node; default its address, loopback where the swarm has one node only. */
  addressOf?: (nodeId: string) => Promise<string>;
  /** How often it is looked whether a replica that is in use still runs. */
  lookEveryMs?: number;
  /** How long a service is kept for the next start after its last replica in use was lost. */
  lingerMs?: number;
}

/** Users of one service, by the replica that each has. */
interface Use {
  users: number;
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

/** Places servers in a swarm; who starts one gets a replica and keeps to it. */
export function createSwarmLauncher(options: SwarmLauncherOptions): StartServer {
  const { swarm, hubId, lookEveryMs = defaultLookEveryMs } = options;
  const addressOf = options.addressOf ?? ((nodeId: string) => nodeAddress(swarm, nodeId));
  const uses = new Map<string, Use>();

  async function remove(serviceId: string) {
    uses.delete(serviceId);
    await swarm.remove(serviceId).catch(() => {});
  }
  function enter(serviceId: string): Use {
    const use = uses.get(serviceId) ?? { users: 0, byTask: new Map<string, number>(), removal: null };
    uses.set(serviceId, use);
    if (use.removal !== null) clearTimeout(use.removal);
    use.removal = null;
    use.users += 1;
    return use;
  }
  async function leave(serviceId: string, taskId: string, isLost: boolean) {
    const use = uses.get(serviceId);
    if (use === undefined) return;
    use.users -= 1;
    use.byTask.set(taskId, (use.byTask.get(taskId) ?? 1) - 1);
    if (use.users > 0) return;
    if (!isLost) return await remove(serviceId);
    use.removal = setTimeout(() => void remove(serviceId), options.lingerMs ?? defaultLingerMs).unref();
  }

  return async (start) => {
    const { signal, launch } = start;
    const { transport } = launch;
    if (transport.kind !== 'http') {
      throw new DockerError('invalid', 'A server in a swarm has to answer HTTP: its input cannot be reached there.');
    }
    const service = await swarm.place(toPlacement(start, hubId), { signal });
    const use = enter(service.id);
    let task: SwarmTask | null = null;
    try {
      task = await waitForTask(swarm, service.id, transport.port, use, signal);
      const { id, ports, nodeId } = task;
      use.byTask.set(id, (use.byTask.get(id) ?? 0) + 1);
      const address = `${await addressOf(nodeId)}:${ports[transport.port] ?? transport.port}`;
      return followReplica({ swarm, task, address, lookEveryMs, leave: (lost) => leave(service.id, id, lost) });
    } catch (error) {
      await leave(service.id, task?.id ?? '', false);
      throw error;
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

function toPlacement({ launch, serverId }: ServerStart, hubId: string): ServicePlacement {
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

/** The replica with the fewest users, once one runs. */
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

/** A replica that is in use, until it ends or its user lets go of it; the swarm is asked whether it still runs. */
function followReplica(parts: {
  swarm: Swarm;
  task: SwarmTask;
  address: string;
  lookEveryMs: number;
  leave: (lost: boolean) => Promise<void>;
}): RunningServer {
  const { swarm, task, address, lookEveryMs } = parts;
  const stop = new AbortController();
  const exited = Promise.withResolvers<ServerExit>();
  let leaving: Promise<void> | null = null;
  function letGo() {
    stop.abort();
    exited.resolve({ how: 'let-go', slot: task.slot });
  }
  async function look() {
    while (await sleep(lookEveryMs, true, { signal: stop.signal, ref: false }).catch(() => false)) {
      const tasks = await swarm.tasks(task.serviceId).catch(() => null);
      if (tasks === null || tasks.some(({ id, state }) => id === task.id && state === 'running')) continue;
      exited.resolve({ how: 'replaced', slot: task.slot });
      return;
    }
  }
  void look();
  return {
    pid: null,
    // No engine leads to the pipes of a replica.
    stdin: new Writable({
      write: (_chunk, _encoding, done) => done(),
      final: (done) => {
        letGo();
        done();
      },
    }),
    stdout: Readable.from([]),
    stderr: Readable.from([]),
    address,
    exited: exited.promise,
    kill: () => {
      letGo();
      return Promise.resolve();
    },
    remove: ({ lost }) => {
      letGo();
      leaving ??= parts.leave(lost);
      return leaving;
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
