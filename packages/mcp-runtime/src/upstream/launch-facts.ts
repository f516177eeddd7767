import type { Launch } from '../types.ts';
import { proxySecrets } from './proxies.ts';

/** How messages travel to a server, whatever it runs in. */
export function wayTo(launch: Launch): 'stdio' | 'sse' | 'streamable-http' {
  if (launch.kind === 'app' || launch.kind === 'generated' || launch.kind === 'graph') return 'stdio';
  if (launch.kind !== 'container') return launch.kind;
  if (launch.transport.kind === 'stdio') return 'stdio';
  return launch.transport.sse === true ? 'sse' : 'streamable-http';
}

/** Headers that nobody may see, and what follows the scheme in one: servers quote that alone. */
function inHeaders(headers: Readonly<Record<string, string>>): string[] {
  return Object.values(headers).flatMap((value) => {
    const space = value.indexOf(' ');
    return space === -1 ? [value] : [value, value.slice(space + 1)];
  });
}

/** The shortest value in a URL's query that counts as secret: shorter ones are words. */
const shortestInUrl = 12;

function inUrl(url: string): string[] {
  const values = URL.parse(url)?.searchParams.values() ?? [];
  return [...values].filter((value) => value.length >= shortestInUrl);
}

/** Values a server was given that nobody may see. */
export function secretsIn(launch: Launch): string[] {
  switch (launch.kind) {
    case 'stdio':
      return [...Object.values(launch.env), ...(launch.hidden ?? [])];
    case 'container': {
      const headers = launch.transport.kind === 'http' ? (launch.transport.headers ?? {}) : {};
      const given = [launch.env, launch.secrets].flatMap((map) => Object.values(map ?? {}));
      return [...given, ...inHeaders(headers)];
    }
    case 'app':
    case 'generated':
    case 'graph':
      return [];
    default: {
      const { headers, url, proxies = 'none' } = launch;
      return [...inHeaders(headers), ...inUrl(url), ...(proxies === 'none' ? [] : proxySecrets(proxies))];
    }
  }
}
