import { dial, withSignal, type CallOptions, type Connection } from '../engine/connection.ts';
import { explainAbsent, newName, soughtName } from '../engine/names.ts';
import { removeEach, type PruneResult } from '../engine/prune.ts';
import { answeredList, odd, record, records, text, textMap, type Fields } from '../engine/shape.ts';
import { DockerError } from '../errors.ts';

export interface NetworkInfo {
  id: string;
  name: string;
  driver: string;
  scope: string;
  created: string;
  /** True where it leads nowhere outside. */
  internal: boolean;
  attachable: boolean;
  subnets: string[];
  /** The engine's machine as the network's containers see it. */
  gateway: string | null;
  labels: Record<string, string>;
  /** Containers on it that run; only `get` knows. */
  containers: { id: string; name: string; address: string }[];
  /** Made by the engine itself; cannot be removed. */
  builtIn: boolean;
}

export interface CreateNetwork {
  name: string;
  driver?: string;
  internal?: boolean;
  attachable?: boolean;
  subnet?: string;
  labels?: Readonly<Record<string, string>>;
  options?: Readonly<Record<string, string>>;
}

export interface Networks {
  list(options?: CallOptions): Promise<NetworkInfo[]>;
  get(reference: string, options?: CallOptions): Promise<NetworkInfo>;
  create(input: CreateNetwork, options?: CallOptions): Promise<NetworkInfo>;
  connect(reference: string, container: string, options?: CallOptions & { aliases?: string[] }): Promise<void>;
  disconnect(reference: string, container: string, options?: CallOptions & { force?: boolean }): Promise<void>;
  remove(reference: string, options?: CallOptions): Promise<void>;
  /** Networks that no container names, stopped ones included. */
  previewPrune(options?: CallOptions): Promise<NetworkInfo[]>;
  /** Removes exactly these ids. */
  prune(ids: readonly string[], options?: CallOptions): Promise<PruneResult>;
}

const builtInNetworks = new Set(['bridge', 'host', 'none', 'ingress', 'docker_gwbridge']);

/** The networks of one engine. */
export function createNetworks(connection: Connection): Networks {
  const { docker } = connection;
  function handle(reference: string) {
    return docker.getNetwork(soughtName('network', reference));
  }

  async function get(reference: string, options: CallOptions = {}) {
    const path = `/networks/${soughtName('network', reference)}`;
    const found = await dial<unknown>(connection, { path }, options).catch((error: unknown) => {
      throw explainAbsent('network', reference, error);
    });
    const network = toNetwork(record(found));
    if (network.id === '') throw odd('the description of a network');
    return network;
  }
  async function list(options: CallOptions = {}) {
    const found: unknown = await connection.call((signal) => docker.listNetworks(withSignal({}, signal)), options);
    return answeredList(found, 'networks')
      .map(toNetwork)
      .filter(({ id, name }) => id !== '' && name !== '');
  }
  async function remove(reference: string, options: CallOptions = {}) {
    const { name, builtIn } = await get(reference, options);
    if (builtIn)
      throw new DockerError('conflict', `The network "${name}" belongs to the engine and cannot be removed.`);
    await connection.call((signal) => handle(reference).remove(withSignal({}, signal)), options);
  }

  return {
    list,
    get,
    remove,
    create: async (input, options = {}) => {
      const { name, driver = 'bridge', internal = false, attachable = false, subnet, labels = {} } = input;
      const spec = {
        Name: newName('network', name),
        CheckDuplicate: true,
        Driver: driver,
        Internal: internal,
        Attachable: attachable,
        Labels: { ...labels },
        Options: { ...input.options },
        ...(subnet === undefined ? {} : { IPAM: { Config: [{ Subnet: subnet }] } }),
      };
      const made = await connection.call((signal) => docker.createNetwork(withSignal(spec, signal)), options);
      return await get(made.id, options);
    },
    connect: async (reference, container, { aliases = [], ...options } = {}) => {
      const spec = { Container: container, EndpointConfig: { Aliases: aliases } };
      await connection.call((signal) => handle(reference).connect(withSignal(spec, signal)), options);
    },
    disconnect: async (reference, container, { force = false, ...options } = {}) => {
      const spec = { Container: container, Force: force };
      await connection.call((signal) => handle(reference).disconnect(withSignal(spec, signal)), options);
    },
    previewPrune: async (options = {}) => {
      const [networks, containers] = await Promise.all([
        list(options),
        connection.call((signal) => docker.listContainers(withSignal({ all: true }, signal)), options),
      ]);
      const used = new Set(
        answeredList(containers, 'containers').flatMap(({ HostConfig, NetworkSettings }) => [
          text(record(HostConfig)['NetworkMode']),
          ...Object.entries(record(record(NetworkSettings)['Networks'])).flatMap(([name, network]) => [
            name,
            text(record(network)['NetworkID']),
          ]),
        ]),
      );
      return networks.filter(({ id, name, builtIn }) => !builtIn && !used.has(id) && !used.has(name));
    },
    prune: (ids, options = {}) => removeEach(ids, (id) => remove(id, options)),
  };
}

function toNetwork(raw: Fields): NetworkInfo {
  const ranges = records(record(raw['IPAM'])['Config']);
  const name = text(raw['Name']);
  return {
    id: text(raw['Id']),
    name,
    driver: text(raw['Driver']),
    scope: text(raw['Scope']),
    created: text(raw['Created']),
    internal: raw['Internal'] === true,
    attachable: raw['Attachable'] === true,
    subnets: ranges.map(({ Subnet }) => text(Subnet)).filter((subnet) => subnet !== ''),
    gateway: ranges.map(({ Gateway }) => text(Gateway)).find((gateway) => gateway !== '') ?? null,
    labels: textMap(raw['Labels']),
    containers: Object.entries(record(raw['Containers'])).map(([id, container]) => ({
      id,
      name: text(record(container)['Name']),
      address: text(record(container)['IPv4Address']).replace(/\/\d+$/, ''),
    })),
    builtIn: builtInNetworks.has(name) || raw['Ingress'] === true,
  };
}
