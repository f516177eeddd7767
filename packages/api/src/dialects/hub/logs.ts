import { z } from 'zod';
import { getServer, listLogs } from '@switchboard/core/servers';
import type { LogLine } from '@switchboard/mcp-runtime/types';
import { followLogs } from '../../follow-logs.ts';
import { documentedAs } from '../kit/documented.ts';
import { isStream, type SseEvent } from '../kit/sse.ts';
import { route } from './dialect.ts';
import { logs as examples } from './examples.ts';
import { ok, toHubLog, toHubLogPage } from './map.ts';
import { envelope, HubLogPage, HubLogQuery } from './wire.ts';

const logLimit = 1000;
const Page = envelope(HubLogPage);

/** A page of lines, or with `follow` a stream of them. */
const Answer = z
  .custom<z.infer<typeof Page> | AsyncIterable<SseEvent>>((value) => isStream(value) || Page.safeParse(value).success)
  .meta(documentedAs(Page));

export const logs = route({
  method: 'GET',
  path: '/api/servers/{serverId}/logs',
  summary: 'Read the logs of a server',
  description:
    'The newest lines, oldest of them first; `nextCursor` leads back to older ones, page by page, and `newerCursor` to ' +
    'what came after. With `follow=true` the answer is `text/event-stream`: one `log` event a line, old ones first, and it ends where `until` has come. A ' +
    'hub keeps the last lines of each server in memory.',
  stream: 'follow',
  verbs: [listLogs],
  errors: [400, 401, 403, 404, 422],
  example: { response: examples.page, stream: examples.stream },
})
  .input(HubLogQuery)
  .output(Answer)
  .query(async ({ ctx, input }) => {
    const limit = Math.min(input.limit, logLimit);
    const filter = {
      id: input.serverId,
      limit,
      ...(input.level !== undefined && { level: input.level }),
      ...(input.since !== undefined && { since: input.since }),
      ...(input.until !== undefined && { until: input.until }),
      ...(input.search !== undefined && { search: input.search }),
      ...input.cursor,
    };
    if (!input.follow) return ok(toHubLogPage(await listLogs(ctx.core, filter), limit, input.cursor ?? {}));
    const { id } = await getServer(ctx.core, { id: input.serverId });
    return toEvents(followLogs(ctx.core, { ...filter, id }));
  });

async function* toEvents(lines: AsyncIterable<LogLine>): AsyncIterable<SseEvent> {
  for await (const line of lines) yield { event: 'log', id: String(line.seq), data: toHubLog(line) };
}
