import type { Launch } from '../../types.ts';
import { LinkError, type Link, type LinkContext, type LinkEvents, type OpenLink } from '../link.ts';
import type { Proxies } from '../proxies.ts';
import type { ProcessOptions } from './child.ts';
import { createClients } from './clients.ts';
import { openSse } from './sse.ts';
import { openStdio } from './stdio.ts';
import { openStreamableHttp } from './streamable-http.ts';

export type { ProcessAccount, ProcessOptions } from './child.ts';
export { createConfinement, type ProcessLimits } from './confinement.ts';

type LaunchOf<Kind extends Launch['kind']> = Extract<Launch, { kind: Kind }>;

/** Opens links of one kind of launch; how containers and other kinds are added. */
export type Launcher<Kind extends Launch['kind']> = (
  launch: LaunchOf<Kind>,
  context: LinkContext,
  events: LinkEvents,
) => Promise<Link>;

export type Launchers = { readonly [Kind in Launch['kind']]?: Launcher<Kind> };

export interface OpenLinkOptions {
  process: ProcessOptions;
  /** By the kind of the launch, asked before the built-in ones; containers have no built-in one. */
  launchers?: Launchers;
  /** Through which remote servers are reached; default: none. */
  proxies?: Proxies | null;
}

export interface Links {
  open: OpenLink;
  /** Ends the connections that links share; after every link is closed. */
  close(): Promise<void>;
}

/** The transports to upstream servers: programs, streamable HTTP and HTTP+SSE. */
export function createLinks(options: OpenLinkOptions): Links {
  const clients = createClients(options.proxies ?? null);
  const open: OpenLink = async (launch, context, events) => {
    // A launcher stands under the kind it takes, which the compiler cannot follow.
    const launcher = options.launchers?.[launch.kind] as Launcher<Launch['kind']> | undefined;
    if (launcher !== undefined) return await launcher(launch, context, events);
    if (launch.kind === 'container') {
      throw new LinkError('unreachable', 'This hub has no Docker Engine to run containers on: set DOCKER_HOST.');
    }
    if (launch.kind === 'stdio') return await openStdio(launch, context, events, options.process);
    const { client, release } = clients.take(launch);
    const heard: LinkEvents = {
      ...events,
      closed(error) {
        release();
        events.closed(error);
      },
    };
    try {
      return launch.kind === 'sse'
        ? await openSse(launch, context, heard, client)
        : await openStreamableHttp(launch, context, heard, client);
    } catch (error) {
      release();
      throw error;
    }
  };
  return {
    open,
    close: () => clients.close(),
  };
}
