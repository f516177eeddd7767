import { z } from 'zod';
import { transports } from '@switchboard/core/servers/schema';
import { PhaseCounts, StateCounts } from '../kit/server-counts.ts';
import { moment, momentOrAgo, wholeNumber, wordList, wordOf } from '../kit/words.ts';

/** Shapes of the hub API as documented. */

const timestamp = z.iso.datetime();

/** `{success:true,data,message,timestamp}` around what an endpoint gives. */
export function envelope<Data extends z.ZodType>(data: Data) {
  return z.object({ success: z.literal(true), data, message: z.string(), timestamp });
}

/** The sentence about settings that exist and are hidden. */
const hidden = 'the settings are hidden from who may not change them (`server.configure`)';

export const HubServer = z
  .object({
    id: z.string(),
    name: z.string(),
    status: z.enum(['starting', 'running', 'stopping', 'stopped', 'error']).meta({
      description:
        '`stopped` also: asleep until it is called, or disabled. `error`: its last start failed, or it needs a sign-in',
    }),
    enabled: z.boolean().meta({ description: 'false: it does not start, and nobody can use it' }),
    type: z.enum(transports).meta({ description: 'How its messages go; a server in a container as one of these too' }),
    command: z
      .string()
      .nullable()
      .meta({ description: `null: it is no program, and has a \`url\`; ${hidden}` }),
    args: z.array(z.string()).meta({ description: `Empty also where ${hidden}` }),
    env: z
      .record(z.string(), z.string())
      .meta({ description: `Values that look secret are \`***\`, unless \`reveal=true\`; empty also where ${hidden}` }),
    cwd: z
      .string()
      .nullable()
      .meta({ description: `null: the folder that the hub gives it; ${hidden}` }),
    url: z
      .string()
      .nullable()
      .meta({ description: `null: it is a program, and has a \`command\`; ${hidden}` }),
    headers: z
      .record(z.string(), z.string())
      .meta({ description: `Values are \`***\`, unless \`reveal=true\`; empty also where ${hidden}` }),
    description: z.string(),
    tags: z.array(z.string()),
    pid: z.int().nullable().meta({ description: 'Of its process; null: no process of this machine runs' }),
    uptime: z.int().nullable().meta({ description: 'Milliseconds since it started; null: it does not run' }),
    lastRestart: timestamp
      .nullable()
      .meta({ description: 'When somebody last restarted it; null: nobody did, or it does not run' }),
    error: z.string().nullable().meta({ description: 'Why its last start failed; null: it did not' }),
    createdAt: timestamp,
    updatedAt: timestamp.meta({ description: 'When its settings were last changed' }),
  })
  .meta({ id: 'HubServer' });
export type HubServer = z.infer<typeof HubServer>;

export const Pagination = z
  .object({
    page: z.int().meta({ description: 'From 1' }),
    limit: z.int().meta({ description: 'As it was used: 100 where more was asked for' }),
    total: z.int().meta({ description: 'Entries on all pages' }),
    pages: z.int().meta({ description: '0 where nothing was found' }),
    hasNext: z.boolean(),
    hasPrev: z.boolean(),
  })
  .meta({ id: 'HubPagination' });

export const HubServerPage = z.object({ items: z.array(HubServer), pagination: Pagination });

/** The parameters of every list. */
export const pageQuery = {
  page: wholeNumber(1).default(1).meta({ description: 'From 1; a page past the end is empty' }),
  limit: wholeNumber(1).default(20).meta({ description: 'At most 100; more counts as 100' }),
  order: z.enum(['asc', 'desc']).optional().meta({ description: 'Of `sort`' }),
  search: z.string().max(256).optional().meta({ description: 'Part of a name or another text of it, in any case' }),
  created_after: moment.optional(),
  created_before: moment.optional(),
};

export const hubStatuses = ['running', 'stopped', 'error', 'starting', 'stopping'] as const;

export const HubListQuery = z.object({
  ...pageQuery,
  sort: z
    .enum(['name', 'id', 'status', 'createdAt', 'updatedAt'])
    .optional()
    .meta({ description: 'Without it: newest first' }),
  status: wordList(hubStatuses).optional().meta({ description: 'Any of these, with commas between them' }),
  group: z.string().optional().meta({ description: 'Id of a group that has it' }),
  type: wordList(transports).optional().meta({ description: 'Any of these' }),
  tags: z.string().optional().meta({ description: 'Tags with commas between them; any of them' }),
  enabled: z.stringbool().optional().meta({ description: 'false: only disabled ones' }),
  'filter[status]': wordList(hubStatuses).optional().meta({ description: 'As `status`' }),
  'filter[type]': wordList(transports).optional().meta({ description: 'As `type`' }),
  'filter[tags]': z.string().optional().meta({ description: 'As `tags`' }),
  'filter[enabled]': z.stringbool().optional().meta({ description: 'As `enabled`' }),
  'filter[id]': z.string().optional().meta({ description: 'Ids with commas between them' }),
});
export type HubListQuery = z.infer<typeof HubListQuery>;

const serverFields = {
  name: z.string().trim().min(1).max(128, 'must be at most 128 characters'),
  type: z
    .enum(transports)
    .meta({ description: 'Without it: `stdio` with a `command`, `streamable-http` with a `url`' }),
  command: z.string().nullable().meta({ description: 'A program; takes the right to run programs' }),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()).meta({ description: 'Replaces all of them; `***` keeps a stored value' }),
  cwd: z.string().max(4_096, 'must be at most 4096 characters').nullable(),
  url: z.string().nullable().meta({
    description:
      'Of a remote server, instead of `command`. Where the hub may not reach it, or nothing answers there, its status says so after the start',
  }),
  headers: z
    .record(z.string(), z.string())
    .meta({ description: 'Sent to `url`. Replaces all of them; `***` keeps a stored value' }),
  enabled: z
    .boolean()
    .meta({ description: 'A new server is enabled, and starts. false stops it, and nobody can use it' }),
  description: z.string().max(4_096, 'must be at most 4096 characters'),
  tags: z.array(z.string()).meta({ description: 'At most 32, of at most 64 characters; replaces all of them' }),
};

/** In the query. */
const waiting = {
  wait: z
    .stringbool()
    .default(false)
    .meta({ description: 'true: answers once its start has come to an end, at most a minute later' }),
};

export const HubCreateServer = z.object(serverFields).partial().required({ name: true }).extend(waiting);
export type HubCreateServer = z.infer<typeof HubCreateServer>;

export const serverPath = { serverId: z.string().meta({ description: 'Id or unique name' }) };
export const ByServer = z.object(serverPath);
export const HubStartServer = ByServer.extend(waiting);
export const HubShowServer = ByServer.extend({
  reveal: z
    .stringbool()
    .default(false)
    .meta({ description: 'Shows secret values too, instead of `***`; the audit trail notes it' }),
});
export const HubUpdateServer = z.object(serverFields).partial().extend(serverPath);
export type HubUpdateServer = z.infer<typeof HubUpdateServer>;

export const HubStopServer = z.object({
  ...serverPath,
  graceful: z.boolean().default(true).meta({ description: 'false: killed at once' }),
  timeout: z.int().min(0).max(600_000).default(30_000).meta({ description: 'Milliseconds until it is killed' }),
});

/** `before-86` reads back and `after-86` reads on; a number alone reads on too. */
const LogCursor = z.string().transform((value, issues) => {
  const [, direction, digits] = /^(?:(before|after)-)?(\d{1,15})$/.exec(value) ?? [];
  if (digits !== undefined) return { [direction === 'before' ? 'beforeSeq' : 'afterSeq']: Number(digits) };
  issues.addIssue({ code: 'custom', message: 'must be a cursor of an earlier answer' });
  return z.NEVER;
});

export const HubLogQuery = z.object({
  ...serverPath,
  level: wordOf(['error', 'warn', 'info', 'debug'], { warning: 'warn' })
    .optional()
    .meta({ description: 'Least severity, in any case: `warn` (or `warning`) shows warnings and errors' }),
  limit: wholeNumber(1).default(100).meta({ description: 'At most 1000; more counts as 1000' }),
  since: momentOrAgo.optional(),
  until: momentOrAgo.optional(),
  search: z.string().max(256).optional().meta({ description: 'Part of the message, in any case' }),
  cursor: LogCursor.optional().meta({ description: '`nextCursor` or `newerCursor` of an earlier answer' }),
  follow: z
    .stringbool()
    .default(false)
    .meta({ description: 'Keeps the answer open as server-sent events, until `until` has come' }),
});

export const HubLog = z
  .object({
    id: z.string().meta({ description: 'Of the server, and the number of the line' }),
    timestamp,
    level: z.enum(['error', 'warn', 'info', 'debug']),
    message: z.string(),
    source: z
      .string()
      .meta({ description: '`stdout`, `stderr`, `mcp` (a message of the server), or `hub` (what the hub says of it)' }),
    metadata: z.object({
      serverId: z.string(),
      instance: z.string().nullable().meta({ description: 'Where a server runs more than once: which; else null' }),
    }),
  })
  .meta({ id: 'HubLog' });
export type HubLog = z.infer<typeof HubLog>;

export const HubLogPage = z.object({
  logs: z.array(HubLog),
  pagination: z.object({
    limit: z.int().meta({ description: 'As it was used: 1000 where more was asked for' }),
    total: z.int().meta({ description: 'Lines that match' }),
    hasMore: z.boolean().meta({ description: 'Whether `nextCursor` leads to more lines that are there now' }),
    nextCursor: z.string().nullable().meta({
      description: 'Give it as `cursor` to read on in the same direction: without a cursor older lines; null: no more',
    }),
    newerCursor: z.string().meta({ description: 'Give it as `cursor` to read what came after this page, also later' }),
  }),
});

export const HubLogin = z.object({
  username: z.string().min(1),
  password: z.string().min(1),
  mfaCode: z
    .string()
    .optional()
    .meta({ description: 'For accounts with a second factor: a code of the app, or a recovery code' }),
});

const HubWho = z.object({
  id: z.string(),
  username: z.string(),
  role: z.string(),
  permissions: z
    .array(z.string())
    .meta({ description: 'The most that the role may, `*` for all; groups and ownership decide at each server' }),
});

export const HubLoginResult = z.object({
  token: z.string().meta({ description: 'The access token' }),
  refreshToken: z.string().meta({ description: 'Works once: `/api/auth/refresh` gives the next one' }),
  expiresIn: z.int().meta({ description: 'Seconds that the access token lasts' }),
  user: HubWho,
  mustChangePassword: z
    .literal(true)
    .optional()
    .meta({ description: 'There where nothing but a new password is open to the account' }),
});

export const HubRefresh = z.object({ refreshToken: z.string().min(1).max(512) });
export const HubLogout = z.object({
  refreshToken: z.string().max(512).optional().meta({ description: 'Of another sign-in, to end that one too' }),
});
export const HubVerified = z.object({
  valid: z.literal(true),
  user: HubWho,
  expiresAt: timestamp.nullable().meta({ description: 'null: they do not end by themselves' }),
});

export const HubSystemStatus = z.object({
  system: z.object({
    uptime: z.int().meta({ description: 'Seconds since the hub started' }),
    version: z.string(),
    nodeVersion: z.string(),
  }),
  servers: PhaseCounts.extend({ states: StateCounts.meta({ description: 'The same servers, each in exactly one' }) }),
  performance: z.object({
    requestsPerMinute: z.number().meta({ description: 'Calls of the last five minutes, divided by five' }),
    avgResponseTime: z.string().meta({ description: 'Of the last five minutes; 0ms where nothing was called' }),
    errorRate: z.string().meta({ description: 'Calls that failed or timed out, of those of the last hour' }),
    toolErrorRate: z.string().meta({ description: 'Calls that a tool answered with an error, of the last hour' }),
    medianResponseTime: z.string().meta({ description: 'Of the last five minutes, as the next one' }),
    p95ResponseTime: z.string().meta({ description: '95 of 100 calls took no longer' }),
  }),
  calls: z.object({
    lastFiveMinutes: z.int().meta({ description: 'Calls over MCP, of REST and of the page' }),
    lastHour: z.int().meta({ description: 'The same' }),
    failedLastHour: z.int().meta({ description: 'Errors and timeouts' }),
    toolErrorsLastHour: z.int().meta({ description: 'Calls that a tool answered with an error' }),
  }),
});
export type HubSystemStatus = z.infer<typeof HubSystemStatus>;
