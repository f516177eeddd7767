import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Link, LinkContext, LinkEvents } from '@switchboard/mcp-runtime';
import type { ContainerLaunch, LinkKit } from './launch.ts';
import type { ServerContainer, ServerExit } from './server-container.ts';

/** Part of the grace in which the end of its input is all that a server is told. */
const stdinShare = 0.4;
/** How long the last output of an ended container is waited for. */
const drainMs = 500;
/** What a server that has closed its output may take to end by itself. */
const muteGraceMs = 1_000;
/** How long a killed container may take to vanish. */
const killWaitMs = 10_000;

/** The link to a server that talks over its container's pipes. */
export function openStdioContainer(
  kit: LinkKit,
  container: ServerContainer,
  launch: ContainerLaunch,
  context: LinkContext,
  events: LinkEvents,
): Link {
  const { pipes, exited } = container;
  const writer = kit.writeMessages(pipes.stdin);
  const mask = kit.createMask([...Object.values(launch.env), ...Object.values(launch.secrets ?? {})]);
  let fault: string | null = null;
  function failed(why: string) {
    fault ??= `${why} It was ended.`;
    void container.signal('SIGKILL');
  }
  const messages = kit.readMessages(pipes.stdout, context, events, failed);
  const complaints = kit.readComplaints(pipes.stderr, events, failed);
  const ending = createEnding(container, writer.end);
  const gone = Promise.withResolvers<void>();

  async function finish(exit: ServerExit) {
    await drained([pipes.stdout, pipes.stderr]);
    messages.end();
    complaints.end();
    const error = new kit.LinkError('closed', fault ?? exitMessage(launch, exit, mask(complaints.last())));
    writer.stop(error);
    await container.remove();
    gone.resolve();
    events.closed(ending.begun() ? null : error);
  }
  void exited.then((exit) => {
    writer.stop(new kit.LinkError('closed', exitMessage(launch, exit, '')));
    return finish(exit);
  });
  // A server that has closed its output can never answer again.
  pipes.stdout.once('end', () => {
    setTimeout(() => {
      if (container.running() && !ending.begun()) void container.signal('SIGKILL');
    }, muteGraceMs).unref();
  });
  return {
    pid: container.info.pid,
    send: writer.write,
    negotiated: () => {},
    close: ({ graceMs }) => {
      void ending.begin(graceMs);
      return gone.promise;
    },
  };
}

/** Ends a container step by step: end of input, SIGTERM, SIGKILL at the deadline, which a later call may bring forward. */
export function createEnding(container: ServerContainer, endInput: () => void) {
  let deadline = Number.POSITIVE_INFINITY;
  let running: Promise<void> | null = null;
  let sooner = Promise.withResolvers<void>();

  async function waitUntil(at: () => number) {
    while (container.running()) {
      const left = at() - performance.now();
      if (left <= 0) return;
      const { promise } = sooner;
      const timer = new AbortController();
      const nap = sleep(left, null, { signal: timer.signal }).catch(() => {});
      await Promise.race([container.exited, nap, promise]);
      timer.abort();
    }
  }
  async function run() {
    const begun = performance.now();
    endInput();
    await waitUntil(() => begun + (deadline - begun) * stdinShare);
    if (container.running() && performance.now() < deadline) await container.signal('SIGTERM');
    await waitUntil(() => deadline);
    if (!container.running()) return;
    await container.signal('SIGKILL');
    await waitUntil(() => deadline + killWaitMs);
    // The engine is away or cannot end it: what is left is found by its label.
    if (container.running()) await container.remove();
  }
  return {
    begun: () => running !== null,
    begin: (graceMs: number): Promise<void> => {
      deadline = Math.min(deadline, performance.now() + graceMs);
      sooner.resolve();
      sooner = Promise.withResolvers<void>();
      running ??= run();
      return running;
    },
  };
}

/** Says how a container ended, with the last thing it complained about. */
export function exitMessage(launch: ContainerLaunch, { code, outOfMemory }: ServerExit, complaint: string): string {
  const megabytes = Math.round((launch.limits?.memoryBytes ?? 512 * 2 ** 20) / 2 ** 20);
  const how = outOfMemory
    ? `The container used more than its ${megabytes} MB of memory and was ended`
    : code === null
      ? 'The container ended, or its engine went away'
      : `The container ended with exit code ${code}`;
  return complaint === '' ? `${how}.` : `${how}: ${complaint.slice(0, 300)}`;
}

async function drained(streams: readonly Readable[]): Promise<void> {
  const ended = streams.map(
    (stream) =>
      new Promise<void>((resolve) => {
        if (stream.readableEnded) resolve();
        else stream.once('end', resolve);
      }),
  );
  const timer = new AbortController();
  await Promise.race([Promise.all(ended), sleep(drainMs, null, { signal: timer.signal }).catch(() => {})]);
  timer.abort();
}
