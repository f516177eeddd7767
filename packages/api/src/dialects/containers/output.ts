import { z } from 'zod';
import {
  containerLogText,
  downloadContainerArchive,
  downloadContainerFile,
  followContainerLogs,
  followStats,
} from '@switchboard/core/containers';
import type { LogBatch, StatsOf } from '@switchboard/core/containers/schema';
import { documentedAs } from '../kit/documented.ts';
import { fileAnswer, isFileAnswer, type FileAnswer } from '../kit/file.ts';
import { isStream, type SseEvent } from '../kit/sse.ts';
import { route } from './dialect.ts';
import { containers } from './examples.ts';
import { toWireStats } from './map.ts';
import { FileQuery, LogsQuery, StatsQuery, WireLogs, WireStats } from './wire.ts';

type Lines = LogBatch['lines'];

function orStream<Schema extends z.ZodType>(schema: Schema) {
  return z
    .custom<z.infer<Schema> | AsyncIterable<SseEvent>>((value) => isStream(value) || schema.safeParse(value).success)
    .meta(documentedAs(schema));
}

async function* toLogEvents(batches: AsyncIterable<Lines>, timestamps: boolean): AsyncGenerator<SseEvent> {
  for await (const lines of batches) {
    for (const { stream, time, text } of lines) {
      yield { event: 'log', ...(time !== null && { id: time }), data: { stream, ...(timestamps && { time }), text } };
    }
  }
}

async function* toStatsEvents(readings: AsyncIterable<StatsOf>): AsyncGenerator<SseEvent> {
  for await (const reading of readings) yield { event: 'stats', data: toWireStats(reading) };
}

/** The documented object, written as its text comes: a long log is never in memory as a whole. */
async function* toLogsJson(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  yield '{"logs":"';
  for await (const piece of pieces) yield JSON.stringify(piece).slice(1, -1);
  yield '"}';
}

const LogsAnswer = z
  .custom<WireLogs | FileAnswer | AsyncIterable<SseEvent>>((value) => isStream(value) || isFileAnswer(value))
  .meta(documentedAs(WireLogs));

/** The first reading, which takes about a second; of a container that does not run there is none. */
async function firstOf(readings: AsyncGenerator<StatsOf>): Promise<WireStats | null> {
  for await (const reading of readings) return toWireStats(reading);
  return null;
}

export const logs = route({
  method: 'GET',
  path: '/api/containers/{container_id}/logs',
  stream: 'follow',
  summary: 'Read the logs of a container',
  description:
    'Both outputs as one. With `follow=true` the answer is `text/event-stream`: one `log` event a line. 409 where the log driver of the container keeps nothing to read.',
  verbs: [containerLogText],
  errors: [401, 403, 404, 409, 422, 500],
  example: { response: containers.logs, stream: containers.logStream },
})
  .input(LogsQuery)
  .output(LogsAnswer)
  .query(async ({ ctx, input: { container_id: id, follow, timestamps, tail, since, until } }) => {
    const when = { ...(since !== undefined && { since }), ...(until !== undefined && { until }) };
    if (!follow) {
      const pieces = await containerLogText(ctx.core, { id, tail, timestamps, ...when });
      return fileAnswer({ contentType: 'application/json', fileName: null, chunks: toLogsJson(pieces) });
    }
    return toLogEvents(await followContainerLogs(ctx.core, { id, tail: Math.min(tail, 10_000), ...when }), timestamps);
  });

const download = {
  method: 'GET',
  beyond: true,
  json: false,
  errors: [401, 403, 404, 409, 422, 500],
} as const;
const Octets = z.custom<FileAnswer>(isFileAnswer).meta(documentedAs(z.string()));

export const file = route({
  ...download,
  path: '/api/containers/{container_id}/file',
  file: ['application/octet-stream'],
  verbs: [downloadContainerFile],
  summary: 'Download a file of a container, running or not',
  description: 'Of any size, as it is.',
})
  .input(FileQuery)
  .output(Octets)
  .query(async ({ ctx, input: { container_id: id, engine, path } }) => {
    const { name, bytes, chunks } = await downloadContainerFile(ctx.core, { id, path, ...(engine && { engine }) });
    return fileAnswer({ contentType: 'application/octet-stream', fileName: name, bytes, chunks });
  });

export const archive = route({
  ...download,
  path: '/api/containers/{container_id}/archive',
  file: ['application/x-tar'],
  verbs: [downloadContainerArchive],
  summary: 'Download a file or directory of a container as a tar archive',
  description: 'Of any size.',
})
  .input(FileQuery)
  .output(Octets)
  .query(async ({ ctx, input: { container_id: id, engine, path } }) => {
    const { name, chunks } = await downloadContainerArchive(ctx.core, { id, path, ...(engine && { engine }) });
    return fileAnswer({ contentType: 'application/x-tar', fileName: name, chunks });
  });

export const stats = route({
  method: 'GET',
  path: '/api/containers/{container_id}/stats',
  stream: 'stream',
  beyond: true,
  summary: 'Watch what a container uses',
  description: 'One `stats` event a second; with `stream=false` one reading as JSON, null where it does not run.',
  verbs: [followStats],
  errors: [401, 403, 404, 422, 500],
  example: { response: containers.stats, stream: containers.statsStream },
})
  .input(StatsQuery)
  .output(orStream(WireStats.nullable()))
  .query(async ({ ctx, input: { container_id: id, stream } }) => {
    const readings = await followStats(ctx.core, { ids: [id] });
    return stream ? toStatsEvents(readings) : await firstOf(readings);
  });
