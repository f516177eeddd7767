import { z } from 'zod';
import { listLog } from '@switchboard/core/logs';
import type { LogPage, LogRecord } from '@switchboard/core/logs/schema';
import { followLog } from '../../follow-log.ts';
import { documentedAs } from '../kit/documented.ts';
import { isStream, type SseEvent } from '../kit/sse.ts';
import { route } from './dialect.ts';
import { logStream as examples } from './examples.ts';
import { given, iso, ok } from './map.ts';
import { HubLogStreamPage, HubLogStreamQuery } from './wire-log.ts';
import { envelope } from './wire.ts';

const mostRecords = 1_000;
const Page = envelope(HubLogStreamPage);

/** A page of records, or with `follow` a stream of them. */
const Answer = z
  .custom<z.infer<typeof Page> | AsyncIterable<SseEvent>>((value) => isStream(value) || Page.safeParse(value).success)
  .meta(documentedAs(Page));

function toPage({ items, total, nextCursor, searchedTo }: LogPage, limit: number) {
  return {
    logs: items.toReversed().map((record) => ({ ...record, metadata: { ...record.metadata } })),
    pagination: { limit, total, hasMore: nextCursor !== null, nextCursor, searchedTo: searchedTo && iso(searchedTo) },
  };
}

export const logs = route({
  method: 'GET',
  path: '/api/monitoring/logs',
  summary: 'Read the log of the hub',
  description:
    'One stream of the hub’s own log, of the logs of servers, of changes and of calls that failed. The newest records, ' +
    'oldest of them first; `nextCursor` leads back to older ones. With `follow=true` the answer is `text/event-stream` ' +
    '(or `application/x-ndjson`, where `Accept` names only that): one `log` event a record, old ones first. ' +
    'Everybody finds what is theirs to read and nothing else. A hub keeps the last lines of itself and of each server ' +
    'in memory, changes and calls as long as its history. A search that no index serves looks at 50,000 changes or ' +
    'calls a request: `searchedTo` says how far it came, and `nextCursor` continues it.',
  stream: 'follow',
  verbs: [listLog],
  alsoNeeds: {
    'log.read': 'with `source=hub`',
    'server.logs': 'with `source=server`',
    'audit.read': 'with `source=audit`',
    'call.read': 'with `source=calls`',
  },
  errors: [401, 403, 422],
  // The document has no 400 here: an unknown word is a wrong value.
  answers: { invalid: { status: 422 } },
  example: { response: examples.page, stream: examples.stream },
})
  .input(HubLogStreamQuery)
  .output(Answer)
  .query(async ({ ctx, input: { follow, limit: asked, cursor, ...rest } }) => {
    const limit = Math.min(asked, mostRecords);
    const filter = given(rest);
    if (follow) {
      // A refusal has to come before the answer begins.
      await listLog(ctx.core, { ...given({ source: filter.source }), limit: 1 });
      return toEvents(followLog(ctx.core, { ...filter, limit }));
    }
    return ok(toPage(await listLog(ctx.core, { ...filter, limit, ...(cursor !== undefined && { cursor }) }), limit));
  });

async function* toEvents(records: AsyncIterable<LogRecord>): AsyncIterable<SseEvent> {
  for await (const record of records) yield { event: 'log', id: record.id, data: record };
}
