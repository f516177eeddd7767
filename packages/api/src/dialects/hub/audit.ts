import { z } from 'zod';
import { exportAudit, listAudit } from '@switchboard/core/audit';
import { type AuditEntry, type AuditFilter, auditKinds, auditOutcomes } from '@switchboard/core/audit/schema';
import { documentedAs } from '../kit/documented.ts';
import { fileAnswer, isFileAnswer, type FileAnswer } from '../kit/file.ts';
import { momentOrAgo, wholeNumber, wordList } from '../kit/words.ts';
import { route } from './dialect.ts';
import { audit } from './examples-access.ts';
import { given, iso, ok, split } from './map.ts';
import { envelope } from './wire.ts';

const text = z.string().max(256).optional();

const HubAuditQuery = z.object({
  format: z
    .enum(['json', 'csv', 'jsonl'])
    .default('json')
    .meta({ description: '`csv` and `jsonl`: all that match, as a file' }),
  kind: z.enum(auditKinds).optional().meta({ description: 'Without it: both' }),
  action: z.string().max(1_024).optional().meta({
    description:
      'Words such as group.create, or group.*; comma = any of. They are the rights of the guide, and for calls their MCP method (`tools/call`)',
  }),
  user: text.meta({ description: 'Id or name' }),
  key: text.meta({ description: 'Id of an API key' }),
  target: text.meta({ description: 'Id of what was changed or called' }),
  outcome: wordList(auditOutcomes).optional().meta({ description: 'Any of these, with commas between them' }),
  address: text.meta({ description: 'Where it came from' }),
  requestId: text.meta({ description: '`X-Request-Id` of an answer' }),
  traceId: z.string().max(64).optional().meta({ description: 'Id of a trace, as W3C has it' }),
  search: text.meta({ description: 'Part of an action, target, name, address, client or error' }),
  since: momentOrAgo.optional(),
  until: momentOrAgo.optional(),
  limit: wholeNumber(1).default(50).meta({ description: 'At most 500' }),
  cursor: text.meta({ description: '`nextCursor` of the answer before' }),
});
type HubAuditQuery = z.infer<typeof HubAuditQuery>;

const nullable = z.string().nullable();
const HubAuditEntry = z
  .object({
    id: z.string(),
    kind: z.enum(auditKinds),
    timestamp: z.iso.datetime(),
    action: z.string(),
    actorType: z.string(),
    userId: nullable.meta({ description: 'null: nobody was signed in, or the hub did it' }),
    userName: nullable.meta({ description: 'As it was then; null: as `userId`' }),
    keyId: nullable.meta({ description: 'null: it was done without an API key' }),
    keyName: nullable.meta({ description: 'null: as `keyId`' }),
    client: nullable.meta({ description: 'What the client calls itself; null: it does not say' }),
    way: nullable.meta({ description: 'Of a change: the way in; null: the hub did it' }),
    target: nullable.meta({ description: 'Id of what was changed or called; null: nothing in particular' }),
    targetName: nullable.meta({ description: 'Its name; null: it has none' }),
    name: nullable.meta({ description: 'Of a call: the tool, prompt or resource; else null' }),
    outcome: z.string(),
    error: nullable.meta({ description: 'null: it succeeded' }),
    durationMs: z.number().nullable().meta({ description: 'Milliseconds; null: it was not measured' }),
    address: nullable.meta({ description: 'null: it did not come over the network' }),
    requestId: nullable.meta({ description: 'null: it was no request' }),
    traceId: nullable.meta({ description: 'Of the trace it belongs to; null: to none that is known' }),
    details: z.unknown(),
  })
  .meta({ id: 'HubAuditEntry' });

const HubAuditPage = z.object({
  logs: z.array(HubAuditEntry),
  pagination: z.object({
    limit: z.int().meta({ description: 'As it was used: 500 where more was asked for' }),
    hasMore: z.boolean(),
    nextCursor: nullable.meta({ description: 'Give it as cursor to read older entries; null: there are none' }),
    searchedTo: nullable.meta({
      description: 'How far a search came that `nextCursor` continues; null: to the end of the page',
    }),
  }),
});
const Page = envelope(HubAuditPage);

/** A page of entries, or all that match as a file. */
const AuditAnswer = z
  .custom<z.infer<typeof Page> | FileAnswer>((value) => isFileAnswer(value) || Page.safeParse(value).success)
  .meta(documentedAs(Page));

const mostEntries = 500;

function toEntry({ at, errorReason: _errorReason, ...entry }: AuditEntry) {
  return { ...entry, timestamp: iso(at) };
}

function toFilter({ format: _f, limit: _l, cursor: _c, action, ...filter }: HubAuditQuery): AuditFilter {
  return {
    ...given(filter),
    ...(action !== undefined && { action: split(action) }),
  };
}

export const logs = route({
  method: 'GET',
  path: '/api/audit/logs',
  summary: 'Read or export who changed and called what',
  description:
    'Everything for admins, their own for others. `format=csv` and `format=jsonl` give all of it as a file, with the ' +
    'fields of the entries here, but that `timestamp` is called `at` there. ' +
    'A search that no index serves (by action, outcome, key, address, requestId, traceId or text) looks at 50,000 entries a request: ' +
    '`searchedTo` says how far it came, and `nextCursor` continues it.',
  beyond: true,
  file: ['text/csv', 'application/x-ndjson'],
  verbs: [listAudit],
  alsoNeeds: { 'audit.export': 'with `format=csv` or `format=jsonl`' },
  errors: [400, 401, 403, 422, 429],
  example: { response: audit.page },
})
  .input(HubAuditQuery)
  .output(AuditAnswer)
  .query(async ({ ctx, input }) => {
    if (input.format !== 'json')
      return fileAnswer(await exportAudit(ctx.core, { ...toFilter(input), format: input.format }));
    const limit = Math.min(input.limit, mostEntries);
    const page = { ...toFilter(input), limit, ...(input.cursor !== undefined && { cursor: input.cursor }) };
    const { items, nextCursor, searchedTo } = await listAudit(ctx.core, page);
    const more = { hasMore: nextCursor !== null, nextCursor, searchedTo: searchedTo && iso(searchedTo) };
    return ok({ logs: items.map(toEntry), pagination: { limit, ...more } });
  });
