import type { Ctx } from '@switchboard/core';
import { onSignedOut } from '@switchboard/core/access';
import { listLogs } from '@switchboard/core/servers';
import type { LogLine } from '@switchboard/mcp-runtime/types';
import { isAtLeast } from './log-levels.ts';
import { createQueue } from './queue.ts';

const queuedLines = 2000;

type LogFilter = Parameters<typeof listLogs>[1];

const settleMs = 500;
/** A timer takes no longer ones. */
const mostMs = 2 ** 31 - 1;

/** Ends the stream where a change took the right to read; looked up once changes have settled. */
function watchRights(core: Ctx, id: string, end: () => void) {
  let timer: NodeJS.Timeout | undefined;
  function look() {
    timer = undefined;
    // No caller made this request, so a refusal is nobody's attempt.
    listLogs({ ...core, way: null }, { id, limit: 1 }).catch(end);
  }
  return { changed: () => void (timer ??= setTimeout(look, settleMs)), stop: () => clearTimeout(timer) };
}

/** The lines there are, then every new one that the filter lets through, until the request, the server or the time asked for ends. */
export async function* followLogs(core: Ctx, filter: LogFilter): AsyncIterable<LogLine> {
  const { id } = filter;
  const queue = createQueue<LogLine>({ max: queuedLines, signal: core.signal });
  const rights = watchRights(core, id, () => queue.end());
  const least = filter.level ?? 'debug';
  const search = filter.search?.toLowerCase();
  function isWanted(line: LogLine) {
    return (
      line.serverId === id &&
      isAtLeast(line.level, least) &&
      (search === undefined || line.message.toLowerCase().includes(search))
    );
  }
  const restMs = filter.until ? filter.until.getTime() - core.clock.now() : null;
  const atEnd = restMs === null ? undefined : setTimeout(() => queue.end(), Math.min(Math.max(0, restMs), mostMs));
  const stops = [
    core.hub.runtime.subscribe((event) => {
      if (event.type === 'log' && isWanted(event.line)) queue.push(event.line);
    }),
    core.events.subscribe((event) => {
      if (event.type === 'server.removed' && event.id === id) queue.end();
      else rights.changed();
    }),
    onSignedOut(core, () => queue.end()),
  ];
  try {
    const { lines } = await listLogs(core, filter);
    yield* lines;
    if (restMs !== null && restMs <= 0) return;
    let seen = lines.at(-1)?.seq ?? -1;
    for await (const line of queue) {
      if (line.seq <= seen) continue;
      seen = line.seq;
      yield line;
    }
  } finally {
    for (const stop of stops) stop();
    rights.stop();
    clearTimeout(atEnd);
    queue.end();
  }
}
