import { mapReason, whyOf } from '../../reasons.ts';
import type { ContainerLaunch, RemoteLaunch } from '../../types.ts';
import { secretsIn } from '../launch-facts.ts';
import { LinkError, type Link, type LinkContext, type LinkEvents } from '../link.ts';
import { createMask } from '../mask.ts';
import { createEnding, endedError } from './container-ending.ts';
import type { RunningContainer } from './container-engine.ts';
import { waitForHttp } from './http-ready.ts';
import { readComplaints } from './stdio-pipes.ts';

/** Opens links to servers that answer at a URL. */
export type OpenRemote = (launch: RemoteLaunch, context: LinkContext, events: LinkEvents) => Promise<Link>;

/** The link to a server that answers HTTP on a port of its container. */
export async function openHttpContainer(
  container: RunningContainer,
  launch: ContainerLaunch,
  context: LinkContext,
  events: LinkEvents,
  openRemote: OpenRemote,
): Promise<Link> {
  const ending = createEnding(container, () => container.stdin.end());
  const mask = createMask(secretsIn(launch));
  let fault: string | null = null;
  function failed(why: string) {
    fault ??= `${why} It was ended.`;
    void container.kill('SIGKILL');
  }
  const asOutput: LinkEvents = { ...events, log: (level, _source, text) => events.log(level, 'stdout', text) };
  const errors = readComplaints(container.stderr, events, failed);
  const output = readComplaints(container.stdout, asOutput, failed);
  const gone = Promise.withResolvers<void>();
  let remote: Link | null = null;
  let closing = false;
  let failure: LinkError | null = null;

  const finished = container.exited.then(async (exit) => {
    errors.end();
    output.end();
    const error = fault === null ? endedError(exit, mapReason(errors.last(), mask)) : new LinkError('closed', fault);
    await remote?.close({ graceMs: 0 });
    await container.remove({ lost: remote !== null && !closing });
    return error;
  });

  try {
    const address = remoteOf(launch, container.address);
    await waitForHttp(address.url, () => !ending.running(), context.signal);
    remote = await openRemote(address, context, {
      ...events,
      closed: (error) => {
        failure = error;
        void ending.begin(0);
      },
    });
  } catch (error) {
    const ended = !ending.running();
    closing = true;
    void ending.begin(0);
    const reason = await finished;
    if (ended) throw new LinkError('unreachable', whyOf(reason));
    if (context.signal.aborted) throw new LinkError('closed', 'The start was given up.');
    throw error;
  }

  const opened = remote;
  void finished.then((error) => {
    gone.resolve();
    events.closed(closing ? null : (failure ?? error));
  });
  return {
    pid: container.pid,
    send: opened.send,
    negotiated: opened.negotiated,
    close: async ({ graceMs }) => {
      closing = true;
      await opened.close({ graceMs: graceMs / 2 });
      void ending.begin(graceMs / 2);
      await gone.promise;
    },
  };
}

function remoteOf({ transport }: ContainerLaunch, address: string | null): RemoteLaunch {
  if (transport.kind !== 'http' || address === null) {
    throw new LinkError('protocol', 'This server answers no HTTP: no port of its container can be reached.');
  }
  const { path, sse = false, headers = {} } = transport;
  const url = `http://${address}${path.startsWith('/') ? path : `/${path}`}`;
  // The container of an engine is behind no proxy.
  return { kind: sse ? 'sse' : 'streamable-http', url, headers, allowPrivate: true, proxies: 'none' };
}
