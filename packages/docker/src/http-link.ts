import type { Link, LinkContext, LinkError, LinkEvents } from '@switchboard/mcp-runtime';
import { waitForHttp } from './http-ready.ts';
import type { ContainerLaunch, LinkKit } from './launch.ts';
import type { ServerContainer } from './server-container.ts';
import { createEnding, exitMessage } from './stdio-link.ts';

/** The link to a server that answers HTTP on a port of its container. */
export async function openHttpContainer(
  kit: LinkKit,
  container: ServerContainer,
  launch: ContainerLaunch,
  context: LinkContext,
  events: LinkEvents,
): Promise<Link> {
  if (launch.transport.kind !== 'http') throw new kit.LinkError('protocol', 'This server does not speak HTTP.');
  const { path, sse = false, headers = {} } = launch.transport;
  const mask = kit.createMask([...Object.values(launch.env), ...Object.values(launch.secrets ?? {})]);
  let fault: string | null = null;
  function failed(why: string) {
    fault ??= `${why} It was ended.`;
    void container.signal('SIGKILL');
  }
  const asOutput: LinkEvents = { ...events, log: (level, _source, text) => events.log(level, 'stdout', text) };
  const errors = kit.readComplaints(container.pipes.stderr, events, failed);
  const output = kit.readComplaints(container.pipes.stdout, asOutput, failed);
  const ending = createEnding(container, () => container.pipes.stdin.end());
  const gone = Promise.withResolvers<void>();
  let remote: Link | null = null;
  let closing = false;
  let failure: LinkError | null = null;

  const finished = container.exited.then(async (exit) => {
    errors.end();
    output.end();
    const error = new kit.LinkError('closed', fault ?? exitMessage(launch, exit, mask(errors.last())));
    await remote?.close({ graceMs: 0 });
    await container.remove();
    return error;
  });

  try {
    const url = addressOf(container, launch.transport.port, path);
    await waitForHttp(url, () => !container.running(), context.signal);
    const kind = sse ? 'sse' : 'streamable-http';
    remote = await kit.openRemote({ kind, url, headers, allowPrivate: true }, context, {
      ...events,
      closed: (error) => {
        failure = error;
        void ending.begin(0);
      },
    });
  } catch (error) {
    const ended = !container.running();
    closing = true;
    void ending.begin(0);
    const reason = await finished;
    if (ended) throw new kit.LinkError('unreachable', reason.message);
    if (context.signal.aborted) throw new kit.LinkError('closed', 'The start was given up.');
    throw error;
  }

  const opened = remote;
  void finished.then((error) => {
    gone.resolve();
    events.closed(closing ? null : (failure ?? error));
  });
  return {
    pid: container.info.pid,
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

function addressOf({ info }: ServerContainer, port: number, path: string): string {
  const published = info.ports[`${port}/tcp`]?.[0];
  const own = info.networks.find(({ address }) => address !== '')?.address;
  const host = published === undefined ? `${own ?? '127.0.0.1'}:${port}` : `127.0.0.1:${published.HostPort}`;
  return `http://${host}${path.startsWith('/') ? path : `/${path}`}`;
}
