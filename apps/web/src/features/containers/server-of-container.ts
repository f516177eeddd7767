import type { ContainerDetails } from '../../lib/api-types.ts';
import type { Inputs } from '../../lib/trpc.ts';

export interface ServerDraft {
  name: string;
  transport: 'stdio' | 'http';
  port: string;
  path: string;
  network: 'none' | 'open';
}

/** The first TCP port that the container publishes; empty where it publishes none. */
export function firstPort({ ports }: Pick<ContainerDetails, 'ports'>): string {
  return (
    Object.keys(ports)
      .find((port) => port.endsWith('/tcp'))
      ?.replace(/\/tcp$/, '') ?? ''
  );
}

/** What every image sets for itself stays with the image. */
const ofTheImage = new Set(['PATH', 'HOME', 'HOSTNAME']);

/** A server of the container's image, command and environment, closed in as servers are. */
export function toServer(
  container: ContainerDetails,
  { name, transport, port, path, network }: ServerDraft,
  engine: string | null,
): Inputs['servers']['create'] {
  const { image, command, entrypoint, environment } = container;
  const [program, ...args] = command;
  const env = Object.fromEntries(Object.entries(environment).filter(([key]) => !ofTheImage.has(key)));
  return {
    kind: 'container',
    name,
    ...(program === undefined ? {} : { command: program }),
    args,
    env,
    container: {
      image,
      engine,
      entrypoint: entrypoint.length === 0 ? null : entrypoint,
      transport: transport === 'stdio' ? { kind: 'stdio' } : { kind: 'http', port: Number(port), path },
      network: { kind: network },
      pull: 'missing',
    },
    desired: 'on',
  };
}
