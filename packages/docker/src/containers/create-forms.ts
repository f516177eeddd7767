import { invalid } from '../errors.ts';

export type PortTarget = string | number | null;
export type PortsInput = Readonly<Record<string, PortTarget | readonly PortTarget[]>>;
export type VolumesInput = Readonly<Record<string, string | readonly string[]>>;

export interface PortBinding {
  HostIp: string;
  HostPort: string;
}

const portKey = /^(\d{1,5})(?:\/(tcp|udp|sctp))?$/;
const volumeName = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

/** Container ports to host ports, in the engine's form. An empty HostPort lets the engine choose a free one. */
export function toPorts(input: PortsInput): {
  portBindings: Record<string, PortBinding[]>;
  exposed: Record<string, Record<string, never>>;
} {
  const portBindings: Record<string, PortBinding[]> = {};
  for (const [key, value] of Object.entries(input)) {
    const match = portKey.exec(key.trim());
    const port = Number(match?.[1]);
    if (match === null || !isPort(port) || port === 0) {
      throw invalid(`ports.${key}`, 'the container port has to look like "80/tcp", "53/udp" or "80".');
    }
    const name = `${port}/${match[2] ?? 'tcp'}`;
    const targets: readonly PortTarget[] = Array.isArray(value) ? value : [value as PortTarget];
    const bindings = portBindings[name] ?? [];
    bindings.push(...targets.map((target) => toBinding(target, `ports.${key}`)));
    portBindings[name] = bindings;
  }
  const exposed = Object.fromEntries(Object.keys(portBindings).map((name) => [name, {}]));
  return { portBindings, exposed };
}

function toBinding(target: PortTarget, field: string): PortBinding {
  if (target === null) return { HostIp: '', HostPort: '' };
  const text = String(target).trim();
  const colon = text.lastIndexOf(':');
  const HostIp = text.slice(0, Math.max(colon, 0)).replace(/^\[(.*)\]$/, '$1');
  const port = text.slice(colon + 1);
  if (HostIp !== '' && !/^[0-9a-fA-F:.]+$/.test(HostIp)) {
    throw invalid(field, `"${text}" has to be a host port or address:port, for example "127.0.0.1:8080".`);
  }
  if (port === '' || port === '0') return { HostIp, HostPort: '' };
  if (!/^\d{1,5}$/.test(port) || !isPort(Number(port))) {
    throw invalid(
      field,
      `"${text}" has to be a host port between 1 and 65535, address:port, or null for any free one.`,
    );
  }
  return { HostIp, HostPort: String(Number(port)) };
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 0 && port <= 65_535;
}

export interface VolumeMount {
  Type: 'volume';
  Source: string;
  Target: string;
  ReadOnly: boolean;
  /** The settings of a volume that is created because it does not exist. */
  VolumeOptions: {
    NoCopy: boolean;
    Labels: Record<string, string>;
    DriverConfig: { Name: string; Options: Record<string, string> };
  };
}

/** Host paths as bind texts (`source:target:mode`), named volumes as mounts that carry labels. */
export function toMounts(
  input: VolumesInput,
  labels: Readonly<Record<string, string>>,
): { binds: string[]; mounts: VolumeMount[] } {
  const binds: string[] = [];
  const mounts: VolumeMount[] = [];
  for (const [source, value] of Object.entries(input)) {
    const field = `volumes.${source}`;
    const isPath = source.startsWith('/');
    if (!isPath && !volumeName.test(source)) {
      throw invalid(field, 'has to be an absolute host path or the name of a volume.');
    }
    if (source.includes(':')) throw invalid(field, 'a host path with ":" cannot be mounted.');
    const targets: readonly string[] = Array.isArray(value) ? value : [value as string];
    for (const { path, mode } of targets.map((target) => toTarget(target, field))) {
      if (isPath) binds.push(`${source}:${path}:${mode}`);
      else mounts.push(toVolumeMount(source, path, mode === 'ro', labels));
    }
  }
  return { binds, mounts };
}

function toVolumeMount(
  Source: string,
  Target: string,
  ReadOnly: boolean,
  labels: Readonly<Record<string, string>>,
): VolumeMount {
  const driver = { Name: '', Options: {} };
  const VolumeOptions = { NoCopy: false, Labels: { ...labels }, DriverConfig: driver };
  return { Type: 'volume', Source, Target, ReadOnly, VolumeOptions };
}

function toTarget(text: string, field: string): { path: string; mode: string } {
  const [path = '', mode = 'rw', ...more] = text.trim().split(':');
  if (!path.startsWith('/') || path === '/' || more.length > 0) {
    throw invalid(
      field,
      `"${text}" has to be an absolute path in the container, with ":ro" after it for reading only.`,
    );
  }
  if (mode !== 'ro' && mode !== 'rw') throw invalid(field, `the mode "${mode}" is neither ro nor rw.`);
  return { path, mode };
}
