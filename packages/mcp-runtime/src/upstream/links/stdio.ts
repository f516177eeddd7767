import { setTimeout as sleep } from 'node:timers/promises';
import { mapReason, type Reason, say } from '../../reasons.ts';
import type { ProcessLaunch } from '../../types.ts';
import { secretsIn } from '../launch-facts.ts';
import { LinkError, type Link, type LinkContext, type LinkEvents } from '../link.ts';
import { createMask } from '../mask.ts';
import { exitReason, startChild, type Child, type ProcessOptions } from './child.ts';
import { watchDownload } from './download-watch.ts';
import type { ChildRecord } from './orphans.ts';
import { endGroup, endProcesses } from './process-group.ts';
import { familyOf, sharedListing, type Identity } from './processes.ts';
import { readComplaints, readMessages, writeMessages, type MessageWriter } from './stdio-pipes.ts';

/** How long the last output of an ended child is waited for, where something it started holds its pipes open. */
const drainMs = 300;
/** How long what a crashed child left behind may take to end by itself. */
const crashGraceMs = 1_000;
/** Part of the grace in which a child only gets the end of its input. */
const stdinShare = 0.4;

interface State {
  child: Child;
  pid: number;
  record: ChildRecord;
  writer: MessageWriter;
  /** Set as soon as the link is asked to close. */
  closing: boolean;
  /** It has spoken MCP: what it wrote beside that does not matter. */
  negotiated: boolean;
  /** When what still runs is killed. */
  deadline: number;
  /** The processes that ran when the close started. */
  family: readonly Identity[];
  /** Resolves when nothing of it is left. */
  gone: PromiseWithResolvers<void>;
}

/** Starts a program and talks to it over its pipes, one JSON text a line. */
export async function openStdio(
  launch: ProcessLaunch,
  context: LinkContext,
  events: LinkEvents,
  options: ProcessOptions,
): Promise<Link> {
  const { child, pid } = await startChild(launch, options, (text) => events.log('warn', 'hub', text));
  const state: State = {
    child,
    pid,
    record: options.records?.add(pid) ?? { family: () => [], forget: () => {} },
    writer: writeMessages(child.stdin),
    closing: false,
    negotiated: false,
    deadline: Number.POSITIVE_INFINITY,
    family: [],
    gone: Promise.withResolvers<void>(),
  };
  if (context.signal.aborted) {
    await endGroup(pid, () => 0);
    state.record.forget();
    throw new LinkError('closed', 'The start was given up.');
  }
  const download = watchDownload(pid, () => events.downloading?.());
  const heard = { ...events, downloading: download.sign };
  const trouble = listen(state, launch, context, heard);
  void state.gone.promise.then(download.stop);
  return {
    pid,
    trouble,
    send: state.writer.write,
    negotiated: () => {
      state.negotiated = true;
      download.stop();
    },
    close: ({ graceMs }) => {
      state.deadline = Math.min(state.deadline, performance.now() + graceMs);
      if (!state.closing) void end(state);
      return state.gone.promise;
    },
  };
}

/** Reads the child's output until it has ended; returns what delays its start. */
function listen(
  state: State,
  launch: ProcessLaunch,
  context: LinkContext,
  events: LinkEvents,
): () => Reason | string | null {
  const { child, pid, record, writer, gone } = state;
  const mask = createMask(secretsIn(launch));
  let fault: string | null = null;
  function failed(why: string) {
    fault ??= `${why} It was ended.`;
    void endGroup(pid, () => 0);
  }
  const messages = readMessages(child.stdout, context, events, failed);
  const complaints = readComplaints(child.stderr, events, failed, launch.command);
  function strayLine(): Reason | null {
    const line = state.negotiated ? null : messages.stray();
    return line === null ? null : say('strayLine', { line });
  }
  function complaint(): Reason | string {
    const said = complaints.last() || (strayLine() ?? '');
    return said !== '' || state.negotiated || child.exitCode !== 0 ? said : say('endedEarly');
  }

  async function finish() {
    const until = performance.now() + crashGraceMs;
    function deadline() {
      return Math.min(state.deadline, until);
    }
    await drained(child);
    messages.end();
    complaints.end();
    child.stdout.destroy();
    child.stderr.destroy();
    await endGroup(pid, deadline);
    await endProcesses([...state.family, ...record.family()], deadline);
    record.forget();
    const error = new LinkError('closed', fault ?? exitReason(child, mapReason(complaint(), mask)));
    writer.stop(error);
    gone.resolve();
    events.closed(state.closing ? null : error);
  }
  child.once('exit', () => {
    writer.stop(new LinkError('closed', exitReason(child, '')));
    void finish();
  });
  // A server that has closed its output can never answer again.
  child.stdout.once('end', () => {
    setTimeout(() => {
      if (running(child) && !state.closing) void endGroup(pid, () => 0);
    }, crashGraceMs).unref();
  });
  return () => {
    const cause = complaints.cause() ?? strayLine();
    return cause === null ? null : mapReason(cause, mask);
  };
}

async function end(state: State): Promise<void> {
  const { child, pid, record, writer, gone } = state;
  state.closing = true;
  // Before it is signalled: processes that moved to a session of their own are found through it alone.
  const processes = await sharedListing();
  if (running(child)) state.family = familyOf(pid, processes, record.family());
  writer.end();
  const begun = performance.now();
  while (running(child)) {
    const left = begun + (state.deadline - begun) * stdinShare - performance.now();
    if (left <= 0) break;
    await Promise.race([gone.promise, sleep(Math.min(20, left))]);
  }
  await endGroup(pid, () => state.deadline);
}

function running(child: Child): boolean {
  return child.exitCode === null && child.signalCode === null;
}

function drained(child: Child): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, drainMs);
    child.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
