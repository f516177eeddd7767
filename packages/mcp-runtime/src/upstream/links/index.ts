import type {
  AppLaunch,
  ContainerLaunch,
  GeneratedLaunch,
  GraphLaunch,
  ProcessLaunch,
  RemoteLaunch,
} from '../../launch.ts';
import { createCertificates } from '../certificates.ts';
import { type Link, type LinkContext, LinkError, type LinkEvents, type OpenLink } from '../link.ts';
import type { Proxies } from '../proxies.ts';
import { authorizedClient } from '../sign-in/authorized.ts';
import { createSignInProtocol } from '../sign-in/flow.ts';
import type { SignInProtocol, SignIns } from '../sign-in/types.ts';
import type { ProcessOptions } from './child.ts';
import { createClients } from './clients.ts';
import type { ContainerEngine } from './container-engine.ts';
import type { OpenRemote } from './container-http.ts';
import { openContainer } from './container.ts';
import { openSse } from './sse.ts';
import { openStdio } from './stdio.ts';
import { openStreamableHttp } from './streamable-http.ts';

export type { ProcessAccount, ProcessOptions } from './child.ts';
export { createConfinement, type ProcessLimits } from './confinement.ts';

export interface OpenLinkOptions {
  process: ProcessOptions;
  /** Answers for simulated products; null or absent = there are none. */
  apps?: OpenApp | null;
  /** Runs servers that models wrote; null or absent = nothing does. */
  generated?: OpenGenerated | null;
  /** Runs graphs of agents; null or absent = there are none. */
  graphs?: OpenGraph | null;
  /** Runs servers in containers; null or absent = there is none. */
  containers?: ContainerEngine | null;
  /** Through which remote servers are reached; default: none. */
  proxies?: Proxies | null;
  /** Signs requests to remote servers in; null or absent = nothing does. */
  signIns?: SignIns | null;
}

type OpenWithin<Within> = (launch: Within, context: LinkContext, events: LinkEvents) => Promise<Link>;
/** Opens a link to a simulated product, within this process. */
export type OpenApp = OpenWithin<AppLaunch>;
/** Opens a link to a graph of agents, within this process. */
export type OpenGraph = OpenWithin<GraphLaunch>;

/** The sandboxes for servers that a model wrote. */
export interface GeneratedWays {
  /** A container of an engine; null = there is no engine. */
  container: ((launch: ContainerLaunch, context: LinkContext, events: LinkEvents) => Promise<Link>) | null;
  /** A program of this machine, which has to be what closes the server in. */
  process: (launch: ProcessLaunch, context: LinkContext, events: LinkEvents) => Promise<Link>;
}

/** Opens a link to a server that a model wrote, in one of these ways. */
export type OpenGenerated = (
  launch: GeneratedLaunch,
  context: LinkContext,
  events: LinkEvents,
  ways: GeneratedWays,
) => Promise<Link>;

export interface Links {
  open: OpenLink;
  /** The hub as a client of the authorization servers of others. */
  signIn: SignInProtocol;
  /** Until when the certificate is valid that a URL's host showed, in epoch milliseconds; null where none was seen. */
  certificateExpiry(url: string): number | null;
  /** Ends the connections that links share; after every link is closed. */
  close(): Promise<void>;
}

/** The owner's own header counts, whatever anybody signed in with. */
function hasOwnCredentials({ headers }: RemoteLaunch): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
}

/** The transports to upstream servers: programs, containers, streamable HTTP and HTTP+SSE. */
export function createLinks(options: OpenLinkOptions): Links {
  const certificates = createCertificates();
  const clients = createClients(options.proxies ?? null, certificates);
  async function openOver(launch: RemoteLaunch, context: LinkContext, events: LinkEvents, signIns: SignIns | null) {
    const { client: plain, release } = clients.take(launch);
    const { serverId } = context;
    const person = launch.signedInAs ?? null;
    const client = signIns === null ? plain : authorizedClient(plain, signIns, { serverId, person });
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
  }
  const openRemote: OpenRemote = (launch, context, events) => openOver(launch, context, events, null);
  const engine = options.containers ?? null;
  const inContainer: GeneratedWays['container'] =
    engine && ((launch, context, events) => openContainer(launch, context, events, { engine, openRemote }));
  const generatedWays: GeneratedWays = {
    container: inContainer,
    process: (launch, context, events) => openStdio(launch, context, events, options.process),
  };
  const open: OpenLink = async (launch, context, events) => {
    if (launch.kind === 'stdio') return await openStdio(launch, context, events, options.process);
    if (launch.kind === 'app') {
      if (options.apps) return await options.apps(launch, context, events);
      throw new LinkError('unreachable', 'This hub simulates no products.');
    }
    if (launch.kind === 'generated') {
      if (options.generated) return await options.generated(launch, context, events, generatedWays);
      throw new LinkError('unreachable', 'This hub runs nothing that models wrote.');
    }
    if (launch.kind === 'graph') {
      if (options.graphs) return await options.graphs(launch, context, events);
      throw new LinkError('unreachable', 'This hub runs no graphs.');
    }
    if (launch.kind !== 'container') {
      return await openOver(launch, context, events, hasOwnCredentials(launch) ? null : (options.signIns ?? null));
    }
    if (inContainer === null) {
      throw new LinkError('unreachable', 'This hub has no Docker Engine to run containers on: set DOCKER_HOST.');
    }
    return await inContainer(launch, context, events);
  };
  return {
    open,
    signIn: createSignInProtocol((launch) => clients.take(launch)),
    certificateExpiry: certificates.expiryOf,
    close: () => clients.close(),
  };
}
