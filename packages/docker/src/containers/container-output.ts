import type { Readable } from 'node:stream';
import { dial, type CallOptions, type Connection } from '../engine/connection.ts';
import { readFrames } from '../engine/frames.ts';
import { readJsonLines } from '../engine/json-lines.ts';
import { createLineReader, type LogLine } from '../engine/log-lines.ts';
import { DockerError, invalid, toDockerError } from '../errors.ts';
import type { ContainerInfo } from './container-info.ts';
import { createStatsReader, isOfStopped, type ContainerStats } from './container-stats.ts';

export interface LogQuery extends CallOptions {
  /** Number of last lines; default all. */
  tail?: number;
  /** RFC 3339, or seconds since the epoch with a fraction. */
  since?: string | number;
  until?: string | number;
  stdout?: boolean;
  stderr?: boolean;
  /** Whether lines carry their time; default true. */
  timestamps?: boolean;
}

export interface ContainerOutput {
  /** The stored lines, and with `follow` those to come; read no faster than they are taken. */
  logs(reference: string, query?: LogQuery & { follow?: boolean }): AsyncGenerator<LogLine>;
  /** Both outputs as one text, in the order the engine took them: pieces of whole lines, read as they are taken. */
  logText(reference: string, query?: LogQuery): AsyncGenerator<string>;
  /** One reading a second until the container ends or the reader leaves. */
  stats(reference: string, options?: CallOptions): AsyncGenerator<ContainerStats>;
}

/** The approximate size of the pieces of a text. */
const pieceBytes = 64 * 1024;

/** The output and resource use of an engine's containers. */
export function createContainerOutput(
  connection: Connection,
  get: (reference: string, options?: CallOptions) => Promise<ContainerInfo>,
): ContainerOutput {
  async function* logs(
    reference: string,
    { follow = false, ...query }: LogQuery & { follow?: boolean } = {},
  ): AsyncGenerator<LogLine> {
    const { id, name, tty } = await get(reference, query);
    const leave = new AbortController();
    const signal = query.signal === undefined ? leave.signal : AbortSignal.any([query.signal, leave.signal]);
    const source = await dial<Readable>(
      connection,
      { path: `/containers/${id}/logs`, query: toLogQuery(query, follow), stream: true },
      { signal },
    ).catch((error: unknown) => {
      throw explainLogs(error, name);
    });
    const reader = createLineReader({ framed: !tty, stamped: query.timestamps !== false });
    try {
      for await (const frame of readFrames(source, tty)) yield* reader.push(frame);
      yield* reader.end();
    } catch (error) {
      // An abort by the reader ends the lines; a broken connection is an error.
      if (query.signal?.aborted !== true) throw toDockerError(error, connection.host);
    } finally {
      leave.abort();
    }
  }

  return {
    logs,
    logText: async function* (reference, { timestamps = false, ...query } = {}) {
      let piece = '';
      for await (const { time, text } of logs(reference, { ...query, timestamps })) {
        piece += time !== null ? `${time} ${text}\n` : `${text}\n`;
        if (piece.length < pieceBytes) continue;
        yield piece;
        piece = '';
      }
      if (piece !== '') yield piece;
    },
    stats: async function* (reference, options = {}) {
      const { id } = await get(reference, options);
      const leave = new AbortController();
      const signal = options.signal === undefined ? leave.signal : AbortSignal.any([options.signal, leave.signal]);
      const request = { path: `/containers/${id}/stats`, query: { stream: true }, stream: true };
      const source = await dial<Readable>(connection, request, { signal });
      const read = createStatsReader();
      try {
        for await (const raw of readJsonLines<unknown>(source)) {
          const stats = read(raw);
          if (stats !== null) yield stats;
          else if (isOfStopped(raw)) return;
        }
      } catch (error) {
        if (options.signal?.aborted !== true) throw toDockerError(error, connection.host);
      } finally {
        leave.abort();
      }
    },
  };
}

function explainLogs(error: unknown, name: string): unknown {
  if (!(error instanceof DockerError) || !/driver does not support reading/i.test(error.message)) return error;
  return new DockerError(
    'conflict',
    `The log driver of the container ${name} keeps nothing to read: make the container anew with the driver json-file or local to see what it writes.`,
    { ...(error.status !== null && { status: error.status }), cause: error },
  );
}

function toLogQuery(query: LogQuery, follow: boolean): object {
  const { tail, since, until, stdout = true, stderr = true, timestamps = true } = query;
  if (tail !== undefined && !(Number.isInteger(tail) && tail >= 0))
    throw invalid('tail', 'has to be a whole number of 0 or more.');
  return {
    stdout,
    stderr,
    follow,
    timestamps,
    tail: tail === undefined ? 'all' : String(tail),
    ...(since === undefined ? {} : { since: toEpoch(since, 'since') }),
    ...(until === undefined ? {} : { until: toEpoch(until, 'until') }),
  };
}

/** Seconds with nanoseconds, as the engine wants them; keeps the digits that a Date would lose. */
function toEpoch(moment: string | number, field: string): string {
  if (typeof moment === 'number') return String(moment);
  if (/^\d+(\.\d{1,9})?$/.test(moment)) return moment;
  const ms = Date.parse(moment);
  if (Number.isNaN(ms))
    throw invalid(field, `"${moment}" is no moment: give RFC 3339, for example 2026-01-31T12:00:00Z.`);
  const fraction = /\.(\d{1,9})/.exec(moment)?.[1] ?? '';
  return `${Math.floor(ms / 1000)}.${fraction.padEnd(9, '0')}`;
}
