import type { Ctx } from '@switchboard/core';
import { onSignedOut } from '@switchboard/core/access';
import { listLog, type Logged, matching, readLog, spansOf } from '@switchboard/core/logs';
import type { ListLog, LogRecord } from '@switchboard/core/logs/schema';
import { createQueue } from './queue.ts';

const queuedRecords = 2_000;
/** A timer takes no longer ones. */
const mostMs = 2 ** 31 - 1;

/**
 * The newest records, oldest of them first, then every new one that the filter matches and the reader may read at that
 * moment, until the request, the sign-in or the time asked for ends. A slow reader loses the oldest.
 */
export async function* followLog(core: Ctx, input: Partial<Omit<ListLog, 'cursor'>>): AsyncIterable<LogRecord> {
  const { limit = 100, ...filter } = input;
  const queue = createQueue<Logged>({ max: queuedRecords, signal: core.signal });
  const restMs = filter.until ? filter.until.getTime() - core.clock.now() : null;
  const atEnd = restMs === null ? undefined : setTimeout(() => queue.end(), Math.min(Math.max(0, restMs), mostMs));
  const stops = [
    core.logs.subscribe((logged) => {
      if (!filter.source || filter.source.includes(logged.source)) queue.push(logged);
    }),
    onSignedOut(core, () => queue.end()),
  ];
  try {
    const { items } = await listLog(core, { ...filter, limit });
    const match = matching(filter, await spansOf(core, filter));
    yield* items.toReversed();
    if (restMs !== null && restMs <= 0) return;
    const seen = new Set(items.map(({ id }) => id));
    for await (const logged of queue) {
      const record = readLog(core, logged);
      if (record && match(record) && !seen.delete(record.id)) yield record;
    }
  } finally {
    for (const stop of stops) stop();
    clearTimeout(atEnd);
    queue.end();
  }
}
