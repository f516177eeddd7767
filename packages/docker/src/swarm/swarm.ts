import { dial, withSignal, type CallOptions, type Connection } from '../engine/connection.ts';
import type { Engine } from '../engine/engine.ts';
import { DockerError } from '../errors.ts';
import { placementHash, specLabel, toServiceSpec, type ServicePlacement } from './swarm-spec.ts';

export interface SwarmNode {
  id: string;
  hostname: string;
  role: 'manager' | 'worker';
  /** `ready`, `down`, `unknown`, `disconnected`. */
  state: string;
  availability: string;
  /** How the other nodes reach it. */
  address: string;
}

export interface SwarmService {
  id: string;
  name: string;
  image: string;
  labels: Record<string, string>;
  replicas: number;
}

export interface SwarmTask {
  id: string;
  serviceId: string;
  nodeId: string;
  slot: number;
  /** The engine's word: `running`, `preparing`, `failed`, `rejected`, … */
  state: string;
  /** The state that the swarm wants. */
  desired: string;
  /** Why it failed; empty where it did not. */
  error: string;
  containerId: string | null;
  /** Ports on its node's IPv4 addresses, by the container's port. */
  ports: Record<number, number>;
}

export interface Swarm {
  /** True where this engine can place services. */
  isManager(options?: CallOptions): Promise<boolean>;
  /** Makes a swarm of this engine alone. */
  init(options: CallOptions & { advertiseAddress: string; listenAddress?: string }): Promise<void>;
  leave(options?: CallOptions & { force?: boolean }): Promise<void>;
  nodes(options?: CallOptions): Promise<SwarmNode[]>;
  services(options?: CallOptions & { labels?: readonly string[] }): Promise<SwarmService[]>;
  /** Creates the service as described, or changes an existing one that differs. */
  place(placement: ServicePlacement, options?: CallOptions): Promise<SwarmService>;
  scale(id: string, replicas: number, options?: CallOptions): Promise<void>;
  tasks(serviceId: string, options?: CallOptions): Promise<SwarmTask[]>;
  /** Removes a service and the secrets that were made for it. */
  remove(id: string, options?: CallOptions): Promise<void>;
}

interface RawService {
  ID: string;
  Version: { Index: number };
  Spec: {
    Name: string;
    Labels?: Record<string, string>;
    TaskTemplate: { ContainerSpec: { Image: string } };
    Mode: { Replicated?: { Replicas: number } };
  };
}

interface RawTask {
  ID: string;
  ServiceID: string;
  NodeID?: string;
  Slot?: number;
  DesiredState: string;
  Status: {
    State: string;
    Err?: string;
    ContainerStatus?: { ContainerID?: string };
    PortStatus?: { Ports?: { TargetPort: number; PublishedPort: number }[] };
  };
}

interface RawNode {
  ID: string;
  Spec: { Role: SwarmNode['role']; Availability: string };
  Description: { Hostname: string };
  Status: { State: string; Addr?: string };
}

interface RawSecret {
  ID: string;
  Spec: { Name: string; Labels?: Record<string, string> };
}

const idPattern = /^[a-z0-9]{25}$/;

/** The swarm that an engine belongs to. */
export function createSwarm(engine: Engine): Swarm {
  const { connection } = engine;
  const { docker } = connection;
  async function list(labels: readonly string[], options: CallOptions) {
    return await dial<RawService[]>(
      connection,
      { path: '/services', query: { filters: { label: [...labels] } } },
      options,
    );
  }
  async function find(id: string, options: CallOptions) {
    if (!idPattern.test(id)) throw new DockerError('not_found', `There is no service "${id}".`);
    return await dial<RawService>(connection, { path: `/services/${id}` }, options);
  }
  async function change(found: RawService, spec: object, options: CallOptions) {
    const body = { version: found.Version.Index, ...spec };
    await connection.call((signal) => docker.getService(found.ID).update(withSignal(body, signal)), options);
  }

  return {
    isManager: async (options = {}) => {
      const info = await dial<{ Swarm?: { ControlAvailable?: boolean } }>(connection, { path: '/info' }, options);
      return info.Swarm?.ControlAvailable === true;
    },
    init: async ({ advertiseAddress, listenAddress = advertiseAddress, ...options }) => {
      const spec = { AdvertiseAddr: advertiseAddress, ListenAddr: listenAddress };
      await connection.call((signal) => docker.swarmInit(withSignal(spec, signal)), options);
    },
    leave: async ({ force = false, ...options } = {}) => {
      await connection.call(
        (signal) => docker.swarmLeave(withSignal({ _query: { force }, _body: {} }, signal)),
        options,
      );
    },
    nodes: async (options = {}) => (await dial<RawNode[]>(connection, { path: '/nodes' }, options)).map(toNode),
    services: async ({ labels = [], ...options } = {}) => (await list(labels, options)).map(toService),
    place: async (placement, options = {}) => {
      const secrets = await ensureSecrets(connection, placement, options);
      const spec = toServiceSpec(placement, secrets);
      const there = (await list([], options)).find(({ Spec }) => Spec.Name === spec.Name);
      if (there === undefined) {
        const made = await connection.call((signal) => docker.createService(withSignal(spec, signal)), options);
        return toService(await find(made.id, options));
      }
      if (there.Spec.Labels?.[specLabel] !== placementHash(placement)) await change(there, spec, options);
      return toService(await find(there.ID, options));
    },
    scale: async (id, replicas, options = {}) => {
      const found = await find(id, options);
      await change(found, { ...found.Spec, Mode: { Replicated: { Replicas: replicas } } }, options);
    },
    tasks: async (serviceId, options = {}) => {
      const query = { filters: { service: [serviceId] } };
      return (await dial<RawTask[]>(connection, { path: '/tasks', query }, options)).map(toTask);
    },
    remove: async (id, options = {}) => {
      const { Spec } = await find(id, options);
      await connection.call((signal) => docker.getService(id).remove(withSignal({}, signal)), options);
      await removeSecrets(connection, Spec.Name, options);
    },
  };
}

const ownerLabel = 'switchboard.service';

/** Secrets of a swarm never change: each value has a name of its own. */
async function ensureSecrets(
  connection: Connection,
  { name, labels, secrets }: ServicePlacement,
  options: CallOptions,
): Promise<{ id: string; name: string; file: string }[]> {
  if (Object.keys(secrets).length === 0) return [];
  const there = await dial<RawSecret[]>(connection, { path: '/secrets' }, options);
  return await Promise.all(
    Object.entries(secrets).map(async ([file, value]) => {
      const secretName = `${name}-${placementHash({ file, value }).slice(0, 12)}`;
      const known = there.find(({ Spec }) => Spec.Name === secretName);
      if (known !== undefined) return { id: known.ID, name: secretName, file };
      const body = {
        Name: secretName,
        Labels: { ...labels, [ownerLabel]: name },
        Data: Buffer.from(value).toString('base64'),
      };
      const made = (await connection.call(
        (signal) => connection.docker.createSecret(withSignal(body, signal)),
        options,
      )) as { id: string };
      return { id: made.id, name: secretName, file };
    }),
  );
}

async function removeSecrets(connection: Connection, service: string, options: CallOptions): Promise<void> {
  const query = { filters: { label: [`${ownerLabel}=${service}`] } };
  for (const { ID: id } of await dial<RawSecret[]>(connection, { path: '/secrets', query }, options)) {
    // A secret that an ending task still uses is removed the next time.
    await connection
      .call((signal) => connection.docker.getSecret(id).remove(withSignal({}, signal)), options)
      .catch(() => {});
  }
}

function toService({ ID: id, Spec }: RawService): SwarmService {
  return {
    id,
    name: Spec.Name,
    image: Spec.TaskTemplate.ContainerSpec.Image,
    labels: Spec.Labels ?? {},
    replicas: Spec.Mode.Replicated?.Replicas ?? 0,
  };
}

function toTask(raw: RawTask): SwarmTask {
  const ports = raw.Status.PortStatus?.Ports ?? [];
  return {
    id: raw.ID,
    serviceId: raw.ServiceID,
    nodeId: raw.NodeID ?? '',
    slot: raw.Slot ?? 0,
    state: raw.Status.State,
    desired: raw.DesiredState,
    error: raw.Status.Err ?? '',
    containerId: raw.Status.ContainerStatus?.ContainerID ?? null,
    // IPv6 may get another port than IPv4 and is listed after it.
    ports: Object.fromEntries(ports.toReversed().map(({ TargetPort, PublishedPort }) => [TargetPort, PublishedPort])),
  };
}

function toNode(raw: RawNode): SwarmNode {
  return {
    id: raw.ID,
    hostname: raw.Description.Hostname,
    role: raw.Spec.Role,
    state: raw.Status.State,
    availability: raw.Spec.Availability,
    address: raw.Status.Addr ?? '',
  };
}
