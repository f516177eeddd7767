import { z } from 'zod';
import { logLevels, logSources } from '@switchboard/core/logs/schema';
import { momentOrAgo, wholeNumber, wordList, wordOf } from '../kit/words.ts';

/** Shapes of the hub's own stream of logs. */

const sourceWords = '`hub`: the hub’s own log; `server`: of servers; `audit`: changes; `calls`: calls that failed';

export const HubLogStreamQuery = z.object({
  level: wordOf(logLevels, { warning: 'warn' })
    .optional()
    .meta({ description: 'Least severity, in any case: `warn` (or `warning`) shows warnings and errors' }),
  source: wordList(logSources)
    .optional()
    .meta({ description: `Any of these, with commas between them. ${sourceWords}` }),
  server: z.string().max(256).optional().meta({ description: 'Id of a server' }),
  requestId: z.string().max(128).optional().meta({
    description: '`X-Request-Id` of an answer: what belongs to it, and what the servers it called wrote meanwhile',
  }),
  traceId: z.string().max(64).optional().meta({
    description: 'Id of a trace: what belongs to it, and what the servers it called wrote meanwhile',
  }),
  search: z
    .string()
    .max(256)
    .optional()
    .meta({ description: 'Part of the message, in any case; of changes and calls also of who it was and of what' }),
  limit: wholeNumber(1).default(100).meta({ description: 'At most 1000; more counts as 1000' }),
  since: momentOrAgo.optional(),
  until: momentOrAgo.optional(),
  cursor: z.string().max(512).optional().meta({ description: '`nextCursor` of the answer before' }),
  follow: z
    .stringbool()
    .default(false)
    .meta({ description: 'Keeps the answer open and tells what comes, until `until` has come' }),
});

export const HubStreamedLog = z
  .object({
    id: z.string(),
    timestamp: z.iso.datetime(),
    level: z.enum(logLevels),
    message: z.string(),
    source: z.enum(logSources).meta({ description: sourceWords }),
    server: z.string().nullable().meta({ description: 'Id of the server it is about; null: about none' }),
    requestId: z.string().nullable().meta({ description: 'Of the request it belongs to; null: to none that is known' }),
    traceId: z.string().nullable().meta({ description: 'Of the trace it belongs to; null: to none that is known' }),
    metadata: z.record(z.string(), z.unknown()).meta({ description: 'More about it, by its source' }),
  })
  .meta({ id: 'HubStreamedLog' });

export const HubLogStreamPage = z.object({
  logs: z.array(HubStreamedLog),
  pagination: z.object({
    limit: z.int().meta({ description: 'As it was used: 1000 where more was asked for' }),
    total: z
      .int()
      .meta({ description: 'Records that match, as far as they were counted: there are more where `hasMore` is true' }),
    hasMore: z.boolean(),
    nextCursor: z
      .string()
      .nullable()
      .meta({ description: 'Give it as `cursor` to read what is older; null: there is nothing' }),
    searchedTo: z.iso.datetime().nullable().meta({
      description: 'How far a search came that `nextCursor` continues; null: to the end of the page',
    }),
  }),
});
