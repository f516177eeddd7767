/** What a Docker Engine has, as the hub tells it. */
import type { EngineSummary, Image, Network, Run, Volume } from '../lib/api-types.ts';

export function exampleEngine(engine: Partial<EngineSummary> = {}): EngineSummary {
  return {
    name: 'local',
    isDefault: true,
    host: 'unix:///var/run/docker.sock',
    state: { phase: 'reachable', since: 0 },
    ...engine,
  };
}

const unowned = { engine: 'local', owner: null, ownerName: null, project: null };

export function exampleNetwork(network: Partial<Network> = {}): Network {
  return {
    ...unowned,
    id: 'f00d5eedf00d5eedf00d',
    name: 'backend',
    driver: 'bridge',
    scope: 'local',
    created: '2026-11-01T08:00:00.000Z',
    internal: false,
    attachable: false,
    subnets: [],
    gateway: null,
    labels: {},
    containers: [],
    builtIn: false,
    ...network,
  };
}

export function exampleVolume(volume: Partial<Volume> = {}): Volume {
  return {
    ...unowned,
    name: 'pgdata',
    driver: 'local',
    mountpoint: '/var/lib/docker/volumes/pgdata/_data',
    created: '2026-11-01T08:00:00.000Z',
    labels: {},
    options: {},
    bytes: null,
    usedBy: [],
    ...volume,
  };
}

export function exampleImage(image: Partial<Image> = {}): Image {
  return {
    engine: 'local',
    owner: null,
    ownerName: null,
    id: 'sha256:0123456789abcdef0123456789abcdef',
    tags: ['nginx:1.29'],
    digests: [],
    created: '2026-11-01T08:00:00.000Z',
    bytes: 50_000_000,
    labels: {},
    containers: 0,
    ...image,
  };
}

/** Something that takes its time on an engine and has begun. */
export function exampleRun(run: Partial<Run> = {}): Run {
  return {
    id: 'run-1',
    kind: 'pull',
    subject: 'nginx:1.29',
    startedAt: '2026-11-30T10:00:00.000Z',
    endedAt: null,
    outcome: 'running',
    message: null,
    reason: null,
    ...run,
  } as Run;
}
