import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { mapReason } from '../../reasons.ts';
import type { ContainerLaunch } from '../../types.ts';
import { secretsIn } from '../launch-facts.ts';
import { LinkError, type Link, type LinkContext, type LinkEvents } from '../link.ts';
import { createMask } from '../mask.ts';
import { createEnding, endedError } from './container-ending.ts';
import type { ContainerExit, RunningContainer } from './container-engine.ts';
import { readComplaints, readMessages, writeMessages } from './stdio-pipes.ts';

/** How long the last output of an ended container is waited for. */
const drainMs = 500;
/** The time that a server which has closed its output has to end. */
const muteGraceMs = 1_000;

/** The link to a server that talks over its container's pipes. */
export function openStdioContainer(
  container: RunningContainer,
  launch: ContainerLaunch,
  context: LinkContext,
  events: LinkEvents,
): Link {
  const { stdin, stdout, stderr } = container;
  const writer = writeMessages(stdin);
  const ending = createEnding(container, writer.end);
  const mask = createMask(secretsIn(launch));
  let fault: string | null = null;
  function failed(why: string) {
    fault ??= `${why} It was ended.`;
    void container.kill('SIGKILL');
  }
  const messages = readMessages(stdout, context, events, failed);
  const complaints = readComplaints(stderr, events, failed);
  const gone = Promise.withResolvers<void>();

  async function finish(exit: ContainerExit) {
    await drained([stdout, stderr]);
    messages.end();
    complaints.end();
    const error =
      fault === null ? endedError(exit, mapReason(complaints.last(), mask)) : new LinkError('closed', fault);
    writer.stop(error);
    await container.remove({ lost: !ending.begun() });
    gone.resolve();
    events.closed(ending.begun() ? null : error);
  }
  void container.exited.then((exit) => {
    writer.stop(endedError(exit, ''));
    return finish(exit);
  });
  // A server that has closed its output can never answer again. It may have done so before the engine said that it runs.
  void ended(stdout).then(() => {
    setTimeout(() => {
      if (ending.running() && !ending.begun()) void container.kill('SIGKILL');
    }, muteGraceMs).unref();
  });
  return {
    pid: container.pid,
    send: writer.write,
    negotiated: () => {},
    close: ({ graceMs }) => {
      void ending.begin(graceMs);
      return gone.promise;
    },
  };
}

function ended(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.readableEnded) resolve();
    else stream.once('end', resolve);
  });
}

async function drained(streams: readonly Readable[]): Promise<void> {
  const timer = new AbortController();
  await Promise.race([Promise.all(streams.map(ended)), sleep(drainMs, null, { signal: timer.signal }).catch(() => {})]);
  timer.abort();
}
