import type { Server } from '../../lib/api-types.ts';
import { joinArgs, splitArgs } from '../../lib/command-line.ts';
import type { Inputs } from '../../lib/trpc.ts';
import { fromPairs, toPairs, type Pair } from '../../ui/form/pairs-editor.tsx';

type Kept = NonNullable<Server['container']>;
type Settings = NonNullable<Inputs['servers']['create']['container']>;

export type NetworkChoice = Kept['network']['kind'];
export type TransportChoice = 'stdio' | 'http' | 'sse';
export type PullChoice = Kept['pull'];

/** A container as it stands in the form. */
export interface ContainerDraft {
  image: string;
  engine: string;
  entrypoint: string;
  transport: TransportChoice;
  port: string;
  path: string;
  network: NetworkChoice;
  /** Allowed hosts, separated by commas or spaces. */
  hosts: string;
  networkName: string;
  volumes: Pair[];
  cpus: string;
  memoryMb: string;
  pids: string;
  user: string;
  readOnly: boolean;
  pull: PullChoice;
  inSwarm: boolean;
  replicas: string;
}

const mb = 1024 * 1024;

export function emptyContainer(): ContainerDraft {
  return {
    image: '',
    engine: '',
    entrypoint: '',
    transport: 'stdio',
    port: '3000',
    path: '/mcp',
    network: 'none',
    hosts: '',
    networkName: '',
    volumes: [],
    cpus: '1',
    memoryMb: '512',
    pids: '256',
    user: '',
    readOnly: true,
    pull: 'missing',
    inSwarm: false,
    replicas: '1',
  };
}

export function toContainerDraft(kept: Kept | null): ContainerDraft {
  const empty = emptyContainer();
  if (kept === null) return empty;
  const { transport, network, limits, swarm } = kept;
  return {
    image: kept.image,
    engine: kept.engine ?? '',
    entrypoint: kept.entrypoint === null ? '' : joinArgs(kept.entrypoint),
    transport: transport.kind === 'stdio' ? 'stdio' : transport.sse ? 'sse' : 'http',
    port: transport.kind === 'http' ? String(transport.port) : empty.port,
    path: transport.kind === 'http' ? transport.path : empty.path,
    network: network.kind,
    hosts: network.kind === 'allow' ? network.hosts.join(', ') : '',
    networkName: network.kind === 'named' ? network.name : '',
    volumes: toPairs(kept.volumes),
    cpus: String(limits.cpus),
    memoryMb: String(limits.memoryBytes / mb),
    pids: String(limits.pids),
    user: kept.user ?? '',
    readOnly: kept.readOnly,
    pull: kept.pull,
    inSwarm: swarm !== null,
    replicas: String(swarm?.replicas ?? 1),
  };
}

export function splitHosts(text: string): string[] {
  return text.split(/[\s,]+/).filter((host) => host !== '');
}

function networkOf({ network, hosts, networkName }: ContainerDraft): Settings['network'] {
  if (network === 'allow') return { kind: network, hosts: splitHosts(hosts) };
  return network === 'named' ? { kind: network, name: networkName.trim() } : { kind: network };
}

export function toSettings(draft: ContainerDraft): Settings {
  const { transport, path, pull, readOnly, inSwarm } = draft;
  const entrypoint = splitArgs(draft.entrypoint);
  return {
    image: draft.image.trim(),
    engine: draft.engine.trim() || null,
    entrypoint: entrypoint.length === 0 ? null : entrypoint,
    transport:
      transport === 'stdio'
        ? { kind: 'stdio' }
        : { kind: 'http', port: Number(draft.port), path: path.trim() || '/mcp', sse: transport === 'sse' },
    network: networkOf(draft),
    volumes: fromPairs(draft.volumes),
    limits: {
      cpus: Number(draft.cpus),
      memoryBytes: Math.round(Number(draft.memoryMb) * mb),
      pids: Number(draft.pids),
    },
    user: draft.user.trim() || null,
    readOnly,
    pull,
    swarm: inSwarm ? { replicas: Number(draft.replicas) } : null,
  };
}
