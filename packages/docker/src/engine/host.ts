import { DockerError } from '../errors.ts';

/** PEM texts of a TLS connection; without `cert` and `key` the engine has to do without a client certificate. */
export interface EngineTls {
  ca?: string | undefined;
  cert?: string | undefined;
  key?: string | undefined;
}

export type EngineHost =
  | { kind: 'socket'; path: string }
  | { kind: 'tcp'; host: string; port: number; tls: EngineTls | null }
  | { kind: 'ssh'; host: string; port: number | null; user: string | null };

export const defaultHost: EngineHost = { kind: 'socket', path: '/var/run/docker.sock' };

const rightForms = 'give unix:///path/to/docker.sock, tcp://host:2376 or ssh://user@host';

/** Reads the forms of `DOCKER_HOST`; an empty text is the local socket. */
export function parseEngineHost(text: string, tls: EngineTls | null = null): EngineHost {
  const given = text.trim();
  if (given === '') return defaultHost;
  if (given.startsWith('/')) return { kind: 'socket', path: given };
  if (given.startsWith('unix://')) {
    const path = given.slice('unix://'.length);
    return path === '' ? defaultHost : { kind: 'socket', path };
  }
  const url = parse(given.includes('://') ? given : `tcp://${given}`);
  if (url === null || url.hostname === '') throw bad(given);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? null : Number(url.port);
  // A name that begins with a dash would be an option to ssh.
  if (host.startsWith('-') || url.username.startsWith('-')) throw bad(given);
  switch (url.protocol) {
    case 'ssh:':
      return { kind: 'ssh', host, port, user: url.username === '' ? null : decodeURIComponent(url.username) };
    case 'tcp:':
    case 'http:':
      return { kind: 'tcp', host, port: port ?? (tls === null ? 2375 : 2376), tls };
    case 'https:':
      return { kind: 'tcp', host, port: port ?? 2376, tls: tls ?? {} };
    default:
      throw bad(given);
  }
}

/** The host in the form of `DOCKER_HOST`, for Compose and for people; holds no secret. */
export function formatEngineHost(host: EngineHost): string {
  switch (host.kind) {
    case 'socket':
      return `unix://${host.path}`;
    case 'tcp':
      return `tcp://${bracketed(host.host)}:${host.port}`;
    case 'ssh':
      return `ssh://${host.user === null ? '' : `${encodeURIComponent(host.user)}@`}${bracketed(host.host)}${host.port === null ? '' : `:${host.port}`}`;
  }
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function bad(given: string): DockerError {
  return new DockerError('invalid', `"${given}" names no Docker Engine: ${rightForms}.`, { field: 'host' });
}

// Node knows no host in URLs of unknown schemes without `//`, and keeps upper case there, which is fine.
function parse(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
