import type { Launch } from '../types.ts';

/** How messages travel to a server, whatever it runs in. */
export function wayTo(launch: Launch): 'stdio' | 'sse' | 'streamable-http' {
  if (launch.kind !== 'container') return launch.kind;
  if (launch.transport.kind === 'stdio') return 'stdio';
  return launch.transport.sse === true ? 'sse' : 'streamable-http';
}

/** Values a server was given that nobody may see. */
export function secretsIn(launch: Launch): string[] {
  switch (launch.kind) {
    case 'stdio':
      return [...Object.values(launch.env), ...(launch.hidden ?? [])];
    case 'container': {
      const headers = launch.transport.kind === 'http' ? launch.transport.headers : {};
      return [launch.env, launch.secrets, headers].flatMap((map) => Object.values(map ?? {}));
    }
    default:
      return Object.values(launch.headers);
  }
}
