import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonRpcMessage, ProcessLaunch } from '../../types.ts';
import { LinkError, type Link, type LinkContext, type LinkEvents } from '../link.ts';
import { createMask } from '../mask.ts';
import { exitMessage, startChild, type Child, type ProcessOptions } from './child.ts';
import { parseMessages } from './json-rpc.ts';
import { createLineSplitter } from './lines.ts';
import { createOutputLog, guessLevel } from './output-log.ts';
import { endGroup } from './process-group.ts';
import { createReceiver } from './receiver.ts';

/** Most characters that wait for a child which does not read its input. */
const WAITING_LIMIT = 16 * 1024 * 1024;
/** How long the last output of an ended child is waited for, where something it started holds its pipes open. */
const DRAIN_MS = 300;
/** How long what a crashed child left in its group may take to end by itself. */
const CRASH_GRACE_MS = 1_000;
/** Part of the grace in which the end of its input is all that a child is told. */
const STDIN_SHARE = 0.4;
/** Log text read per tenth of a second; a child that writes more has to wait. */
const LOG_BYTES = 2 * 1024 * 1024;

/** Starts a program and talks to it over its pipes, one JSON text a line. */
export async function openStdio(
  launch: ProcessLaunch,
  context: LinkContext,
  events: LinkEvents,
  options: ProcessOptions,
): Promise<Link> {
  const { child, pid } = await startChild(launch, options);
  const forget = options.records?.add(pid) ?? (() => {});
  if (!context.signal.aborted) return createStdioLink(child, pid, launch, context, events, forget);
  await endGroup(pid, () => 0);
  forget();
  throw new LinkError('closed', 'The start was given up.');
}

function createStdioLink(
  child: Child,
  pid: number,
  launch: ProcessLaunch,
  context: LinkContext,
  events: LinkEvents,
  forget: () => void,
): Link {
  const mask = createMask(Object.values(launch.env));
  const complaints = createComplaints(events);
  const gone = Promise.withResolvers<void>();
  let closing = false;
  let over = false;
  let deadline = Number.POSITIVE_INFINITY;

  const stderr = createOutputLog({ level: null, log: complaints.log });
  const reader = createReader(child.stdout, context, events);
  const writer = createWriter(child.stdin);
  const slow = createThrottle(child.stderr);
  child.stdout.on('data', reader.push);
  child.stderr.on('data', (chunk: Buffer) => {
    stderr.push(chunk);
    slow(chunk.length);
  });
  child.stdout.on('error', () => {});
  child.stderr.on('error', () => {});

  const finish = async () => {
    const until = performance.now() + CRASH_GRACE_MS;
    await drained(child);
    reader.end();
    stderr.end();
    child.stdout.destroy();
    child.stderr.destroy();
    await endGroup(pid, () => Math.min(deadline, until));
    forget();
    over = true;
    const error = new LinkError('closed', exitMessage(child, mask(complaints.last())));
    writer.stop(error);
    gone.resolve();
    events.closed(closing ? null : error);
  };
  child.once('exit', () => {
    writer.stop(new LinkError('closed', exitMessage(child, '')));
    void finish();
  });
  // A server that has closed its output can never answer again.
  child.stdout.once('end', () => {
    setTimeout(() => {
      if (running(child) && !closing) void endGroup(pid, () => 0);
    }, CRASH_GRACE_MS).unref();
  });

  const close = async () => {
    const begun = performance.now();
    writer.end();
    while (running(child)) {
      const left = begun + (deadline - begun) * STDIN_SHARE - performance.now();
      if (left <= 0) break;
      await Promise.race([gone.promise, sleep(Math.min(20, left))]);
    }
    await endGroup(pid, () => deadline);
    await gone.promise;
  };

  return {
    pid,
    send: (message) => writer.write(toLine(message)),
    negotiated: () => {},
    close: ({ graceMs }) => {
      deadline = Math.min(deadline, performance.now() + graceMs);
      if (!closing && !over) {
        closing = true;
        void close();
      }
      return gone.promise;
    },
  };
}

const SEPARATORS = /[\u2028\u2029]/g;

/** A message as one line, also for servers whose line reader takes Unicode's separators for line ends (node:readline). */
function toLine(message: JsonRpcMessage): string {
  const text = JSON.stringify(message);
  return `${text.replace(SEPARATORS, (found) => (found === '\u2028' ? '\\u2028' : '\\u2029'))}\n`;
}

function running(child: Child): boolean {
  return child.exitCode === null && child.signalCode === null;
}

function drained(child: Child): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, DRAIN_MS);
    child.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Passes stderr on and remembers what best tells why the program ended. */
function createComplaints(events: LinkEvents) {
  let lastLine = '';
  let lastError = '';
  return {
    log: (level: Parameters<LinkEvents['log']>[0], text: string) => {
      if (!/^\s/.test(text)) lastLine = text;
      if (!/^\s/.test(text) && guessLevel(text) === 'error') lastError = text;
      events.log(level, 'stderr', text);
    },
    last: () => lastError || lastLine,
  };
}

function createReader(stdout: Readable, context: LinkContext, events: LinkEvents) {
  const garbage = createOutputLog({ level: 'warn', log: (level, text) => events.log(level, 'stdout', text) });
  const slow = createThrottle(stdout);

  const line = (bytes: Buffer) => {
    const text = bytes.toString('utf8');
    const parsed = text.startsWith('{') || /^\s*[{[]/.test(text) ? parseMessages(text) : null;
    if (parsed === null) {
      garbage.line(bytes);
      slow(bytes.length);
    } else if (Array.isArray(parsed)) {
      for (const message of parsed) events.message(message, null);
    } else {
      events.message(parsed, null);
    }
  };

  const splitter = createLineSplitter({
    limit: context.messageLimit,
    carriageReturns: false,
    line,
    oversize: createReceiver(context, events).oversize,
  });

  return {
    push: (chunk: Buffer) => splitter.push(chunk),
    end: () => {
      splitter.end();
      garbage.end();
    },
  };
}

/** Lets a stream that carries only log text rest when it brings more than anybody could read. */
function createThrottle(stream: Readable): (bytes: number) => void {
  let bytes = 0;
  let windowEnd = 0;
  return (more) => {
    const now = performance.now();
    if (now >= windowEnd) {
      bytes = 0;
      windowEnd = now + 100;
    }
    bytes += more;
    if (bytes < LOG_BYTES || stream.isPaused()) return;
    stream.pause();
    setTimeout(() => stream.resume(), windowEnd - now + 1);
  };
}

const DONE = Promise.resolve();

/** Writes lines; those of one turn of the event loop go out in one system call. */
function createWriter(stdin: Writable) {
  let queued = '';
  let stopped: LinkError | null = null;

  const flush = () => {
    const text = queued;
    queued = '';
    if (text !== '' && stopped === null) stdin.write(text);
  };
  const stop = (error: LinkError) => {
    stopped = error;
    queued = '';
  };
  stdin.on('error', () => {
    stopped ??= new LinkError('closed', 'The program has closed its input.');
  });

  return {
    write: (text: string): Promise<void> => {
      if (stopped !== null) return Promise.reject(stopped);
      const waiting = stdin.writableLength + queued.length;
      if (waiting > 0 && waiting + text.length > WAITING_LIMIT) {
        const message = `The program does not read its input: ${waiting} bytes wait for it.`;
        return Promise.reject(new LinkError('unreachable', message));
      }
      if (queued === '') setImmediate(flush);
      queued += text;
      return DONE;
    },
    end: () => {
      flush();
      stdin.end();
      stopped ??= new LinkError('closed', 'The server is being stopped.');
    },
    stop,
  };
}
