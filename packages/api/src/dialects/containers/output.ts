import { containerLogText, followContainerLogs, followStats } from '@switchboard/core';
import type { LogBatch, StatsOf } from '@switchboard/core/containers/schema';
import { z } from 'zod';
import { documentedAs } from '../kit/documented.ts';
import { isStream, type SseEvent } from '../kit/sse.ts';
import { route } from './dialect.ts';
import { toWireStats } from './map.ts';
import { LogsQuery, StatsQuery, WireLogs, WireStats } from './wire.ts';

type Lines = LogBatch['lines'];

const orStream = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .custom<z.infer<Schema> | AsyncIterable<SseEvent>>((value) => isStream(value) || schema.safeParse(value).success)
    .meta(documentedAs(schema));

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

/** The first reading, which takes about a second; of a container that does not run there is none. */
async function firstOf(readings: AsyncGenerator<StatsOf>): Promise<WireStats | null> {
  for await (const reading of readings) return toWireStats(reading);
  return null;
}

export const logs = route({
  method: 'GET',
  path: '/api/containers/{container_id}/logs',
  slash: true,
  stream: true,
  summary: 'Read the logs of a container',
  description: 'Both outputs as one. With `follow=true` the answer is `text/event-stream`: one `log` event a line.',
  errors: [401, 403, 404, 422, 500],
})
  .input(LogsQuery)
  .output(orStream(WireLogs))
  .query(async ({ ctx, input: { container_id: id, follow, timestamps, tail, since, until } }) => {
    const when = { ...(since !== undefined && { since }), ...(until !== undefined && { until }) };
    if (!follow) return { logs: await containerLogText(ctx.core, { id, tail, timestamps, ...when }) };
    return toLogEvents(await followContainerLogs(ctx.core, { id, tail: Math.min(tail, 10_000), ...when }), timestamps);
  });

export const stats = route({
  method: 'GET',
  path: '/api/containers/{container_id}/stats',
  slash: true,
  stream: true,
  beyond: true,
  summary: 'Watch what a container uses',
  description: 'One `stats` event a second; with `stream=false` one reading as JSON, null where it does not run.',
  errors: [401, 403, 404, 422, 500],
})
  .input(StatsQuery)
  .output(orStream(WireStats.nullable()))
  .query(async ({ ctx, input: { container_id: id, stream } }) => {
    const readings = await followStats(ctx.core, { ids: [id] });
    return stream ? toStatsEvents(readings) : await firstOf(readings);
  });
