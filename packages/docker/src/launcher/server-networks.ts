import type { Engine } from '../engine/engine.ts';
import { DockerError, invalid } from '../errors.ts';
import { hubLabel, type ServerLaunch } from '../launch.ts';
import type { EgressProxy } from '../policy/egress-proxy.ts';

/** The networks of a container, and its address. */
export interface ServerAccess {
  network: string;
  /** Whether its port is published on loopback; else it is reached by its own address. */
  publish: boolean;
  env: Record<string, string>;
  /** Takes back what was given to this container alone. */
  close(): void;
}

export interface ServerNetworks {
  open(launch: ServerLaunch, signal: AbortSignal): Promise<ServerAccess>;
}

/** Containers on one of our networks cannot reach each other, only the outside or the hub. */
const apart = { 'com.docker.network.bridge.enable_icc': 'false' };
function nothing() {}

/** The networks of a hub's servers: made when first needed, one of each kind. */
export function createServerNetworks(engine: Engine, hubId: string, proxy: EgressProxy | null): ServerNetworks {
  /** Two that start at once make one network. */
  const underWay = new Map<string, Promise<string>>();

  function ensure(kind: 'private' | 'open'): Promise<string> {
    const name = `switchboard-${hubId}-${kind}`;
    const making =
      underWay.get(name) ?? make(engine, name, hubId, kind === 'private').finally(() => underWay.delete(name));
    underWay.set(name, making);
    return making;
  }

  return {
    open: async ({ transport, network, authority }) => {
      const isHttp = transport.kind === 'http';
      switch (network.kind) {
        case 'none':
          return isHttp
            ? { network: await ensure('private'), publish: false, env: {}, close: nothing }
            : { network: 'none', publish: false, env: {}, close: nothing };
        case 'open':
          return { network: await ensure('open'), publish: isHttp, env: {}, close: nothing };
        case 'named':
          return { network: network.name, publish: isHttp, env: {}, close: nothing };
        case 'allow': {
          if (proxy === null) throw invalid('network', 'a list of allowed hosts needs an engine on this machine.');
          const name = await ensure('private');
          const grant = await proxy.grant(network.hosts, await gatewayOf(engine, name), {
            allowPrivate: authority?.unconfined === true,
          });
          return { network: name, publish: false, env: grant.env, close: grant.close };
        }
      }
    },
  };
}

async function make(engine: Engine, name: string, hubId: string, internal: boolean): Promise<string> {
  try {
    await engine.networks.get(name);
  } catch (error) {
    if (!(error instanceof DockerError) || error.code !== 'not_found') throw error;
    await engine.networks.create({ name, internal, labels: { [hubLabel]: hubId }, options: apart });
  }
  return name;
}

/** The address of this machine on a network. */
async function gatewayOf(engine: Engine, name: string): Promise<string> {
  const { gateway } = await engine.networks.get(name);
  if (gateway === null) throw new DockerError('failed', `The network ${name} has no gateway.`);
  return gateway;
}
