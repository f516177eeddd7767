import type { Launch } from '../../types.ts';
import type { Link, LinkContext, LinkEvents, OpenLink } from '../link.ts';
import type { ProcessOptions } from './child.ts';
import { createHttpClient, type HttpClient } from './http-client.ts';
import { openSse } from './sse.ts';
import { openStdio } from './stdio.ts';
import { openStreamableHttp } from './streamable-http.ts';

export type { ProcessOptions } from './child.ts';

/** Opens links of one kind of launch; how containers and other kinds are added. */
export type Launcher = (launch: Launch, context: LinkContext, events: LinkEvents) => Promise<Link>;

export interface OpenLinkOptions {
  process: ProcessOptions;
  /** Launchers by `launch.kind`, asked before the built-in ones. */
  launchers?: Readonly<Record<string, Launcher>>;
}

export interface Links {
  open: OpenLink;
  /** Ends the connections that links share; after every link is closed. */
  close(): Promise<void>;
}

/** The transports to upstream servers: programs, streamable HTTP and HTTP+SSE. */
export function createLinks(options: OpenLinkOptions): Links {
  const clients = new Map<boolean, HttpClient>();
  const clientFor = (allowPrivate: boolean) => {
    const client = clients.get(allowPrivate) ?? createHttpClient({ allowPrivate });
    clients.set(allowPrivate, client);
    return client;
  };
  const open: OpenLink = async (launch, context, events) => {
    const launcher = options.launchers?.[launch.kind];
    if (launcher !== undefined) return await launcher(launch, context, events);
    if (launch.kind === 'stdio') return await openStdio(launch, context, events, options.process);
    const client = clientFor(launch.allowPrivate);
    return launch.kind === 'sse'
      ? await openSse(launch, context, events, client)
      : await openStreamableHttp(launch, context, events, client);
  };
  return {
    open,
    close: async () => {
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
}
