import type { Container } from './api-types.ts';

export const containerWords = [
  'running',
  'unhealthy',
  'starting',
  'paused',
  'restarting',
  'created',
  'exited',
  'failed',
  'outOfMemory',
  'removing',
  'dead',
] as const;
export type ContainerWord = (typeof containerWords)[number];

/** One word for how a container is. */
export function wordOf({ status, health, exitCode, outOfMemory }: Container): ContainerWord {
  if (status === 'running')
    return health === 'unhealthy' ? 'unhealthy' : health === 'starting' ? 'starting' : 'running';
  if (status === 'exited') {
    if (outOfMemory) return 'outOfMemory';
    return exitCode === null || exitCode === 0 ? 'exited' : 'failed';
  }
  return containerWords.find((word) => word === status) ?? 'dead';
}

export const containerLooks = {
  running: { shape: 'disc', tone: 'ok' },
  unhealthy: { shape: 'triangle', tone: 'warn' },
  starting: { shape: 'half', tone: 'accent' },
  paused: { shape: 'moon', tone: 'idle' },
  restarting: { shape: 'half', tone: 'warn' },
  created: { shape: 'ring', tone: 'idle' },
  exited: { shape: 'square', tone: 'idle' },
  failed: { shape: 'diamond', tone: 'bad' },
  outOfMemory: { shape: 'triangle', tone: 'bad' },
  removing: { shape: 'dash', tone: 'idle' },
  dead: { shape: 'triangle', tone: 'bad' },
} as const satisfies Record<ContainerWord, { shape: string; tone: string }>;

export function isOn({ status }: Container): boolean {
  return status === 'running' || status === 'paused' || status === 'restarting';
}

/** Of an id, what people and the docker client show. */
export function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 12);
}

/** `0.0.0.0:8080->80/tcp` as `8080→80`, each once. */
export function portsOf({ ports }: Container): string[] {
  const all = Object.entries(ports).flatMap(([inside, bindings]) =>
    bindings.map(({ HostIp, HostPort }) => {
      const address = HostIp === '' || HostIp === '0.0.0.0' || HostIp === '::' ? '' : `${HostIp}:`;
      return `${address}${HostPort}→${inside.replace(/\/tcp$/, '')}`;
    }),
  );
  return [...new Set(all)];
}
