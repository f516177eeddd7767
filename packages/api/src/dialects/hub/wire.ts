import { z } from 'zod';
import { PhaseCounts, StateCounts } from '../kit/server-counts.ts';
import { moment, momentOrAgo, withKnownFilters, wordList } from '../kit/words.ts';

/** Shapes of seed 001 as documented. */

const timestamp = z.iso.datetime();

/** `{success:true,data,message,timestamp}` around what an endpoint gives. */
export const envelope = <Data extends z.ZodType>(data: Data) =>
  z.object({ success: z.literal(true), data, message: z.string(), timestamp });

export const HubServer = z
  .object({
    id: z.string(),
    name: z.string(),
    status: z.enum(['starting', 'running', 'stopping', 'stopped', 'error']),
    enabled: z.boolean(),
    type: z.enum(['stdio', 'sse', 'streamable-http']),
    command: z.string().nullable(),
    args: z.array(z.string()),
    env: z.record(z.string(), z.string()).meta({ description: 'Values that look secret are masked' }),
    cwd: z.string().nullable(),
    url: z.string().nullable(),
    headers: z.record(z.string(), z.string()).meta({ description: 'Values are masked' }),
    description: z.string(),
    tags: z.array(z.string()),
    pid: z.int().nullable(),
    uptime: z.int().nullable().meta({ description: 'Milliseconds' }),
    lastRestart: timestamp.nullable(),
    error: z.string().nullable().meta({ description: 'Why the last start failed' }),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'HubServer' });
export type HubServer = z.infer<typeof HubServer>;

export const Pagination = z
  .object({
    page: z.int(),
    limit: z.int(),
    total: z.int(),
    pages: z.int(),
    hasNext: z.boolean(),
    hasPrev: z.boolean(),
  })
  .meta({ id: 'HubPagination' });

export const HubServerPage = z.object({ items: z.array(HubServer), pagination: Pagination });

const wholeNumber = z.coerce.number('must be a number').int('must be a whole number').min(1, 'must be at least 1');

/** What every list takes. */
export const pageQuery = {
  page: wholeNumber.default(1),
  limit: wholeNumber.default(20).meta({ description: 'At most 100; more counts as 100' }),
  order: z.enum(['asc', 'desc']).optional(),
  search: z.string().max(256).optional(),
  created_after: moment.optional(),
  created_before: moment.optional(),
};

export const hubStatuses = ['running', 'stopped', 'error', 'starting', 'stopping'] as const;

export const HubListQuery = withKnownFilters({
  ...pageQuery,
  sort: z.enum(['name', 'id', 'status', 'createdAt', 'updatedAt']).optional(),
  status: wordList(hubStatuses).optional(),
  group: z.string().optional(),
  'filter[status]': wordList(hubStatuses).optional(),
  'filter[type]': wordList(['stdio', 'sse', 'streamable-http']).optional(),
  'filter[tags]': z.string().optional(),
  'filter[enabled]': z.stringbool().optional(),
  'filter[id]': z.string().optional(),
});
export type HubListQuery = z.infer<typeof HubListQuery>;

const serverFields = {
  name: z.string().trim().min(1),
  type: z.enum(['stdio', 'sse', 'streamable-http']),
  command: z.string().nullable(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
  cwd: z.string().nullable(),
  url: z.string().nullable(),
  headers: z.record(z.string(), z.string()),
  enabled: z.boolean(),
  description: z.string(),
  tags: z.array(z.string()),
};

export const HubCreateServer = z.object(serverFields).partial().required({ name: true });
export type HubCreateServer = z.infer<typeof HubCreateServer>;

export const serverPath = { serverId: z.string().meta({ description: 'Id or unique name' }) };
export const ByServer = z.object(serverPath);
export const HubShowServer = ByServer.extend({
  reveal: z.stringbool().default(false).meta({ description: 'Shows secret values too' }),
});
export const HubUpdateServer = z.object(serverFields).partial().extend(serverPath);
export type HubUpdateServer = z.infer<typeof HubUpdateServer>;

export const HubStopServer = z.object({
  ...serverPath,
  graceful: z.boolean().default(true),
  timeout: z.int().min(0).max(600_000).default(30_000).meta({ description: 'Milliseconds until it is killed' }),
});

export const HubLogQuery = z.object({
  ...serverPath,
  level: z.enum(['error', 'warn', 'info', 'debug']).optional().meta({ description: 'Least severity' }),
  limit: wholeNumber.default(100).meta({ description: 'At most 1000; more counts as 1000' }),
  since: momentOrAgo.optional(),
  until: momentOrAgo.optional(),
  search: z.string().max(256).optional(),
  cursor: z.coerce.number('must be a cursor of an earlier answer').int().min(0).optional(),
  follow: z.stringbool().default(false).meta({ description: 'Keeps the answer open as server-sent events' }),
});

export const HubLog = z
  .object({
    id: z.string(),
    timestamp,
    level: z.enum(['error', 'warn', 'info', 'debug']),
    message: z.string(),
    source: z.string(),
    metadata: z.object({ serverId: z.string(), instance: z.string().nullable() }),
  })
  .meta({ id: 'HubLog' });
export type HubLog = z.infer<typeof HubLog>;

export const HubLogPage = z.object({
  logs: z.array(HubLog),
  pagination: z.object({
    limit: z.int(),
    total: z.int(),
    hasMore: z.boolean(),
    nextCursor: z.string().nullable().meta({ description: 'Give it as cursor to read what came after' }),
  }),
});

export const HubLogin = z.object({
  username: z.string().min(1),
  password: z.string().min(1),
  mfaCode: z.string().optional(),
});

const HubWho = z.object({
  id: z.string(),
  username: z.string(),
  role: z.string(),
  permissions: z.array(z.string()),
});

export const HubLoginResult = z.object({
  token: z.string(),
  refreshToken: z.string(),
  expiresIn: z.int().meta({ description: 'Seconds' }),
  user: HubWho,
  mustChangePassword: z
    .literal(true)
    .optional()
    .meta({ description: 'There where nothing but a new password is open to the account' }),
});

export const HubRefresh = z.object({ refreshToken: z.string().min(1).max(512) });
export const HubLogout = z.object({ refreshToken: z.string().max(512).optional() });
export const HubVerified = z.object({ valid: z.literal(true), user: HubWho, expiresAt: timestamp.nullable() });

export const HubSystemStatus = z.object({
  system: z.object({ uptime: z.int().meta({ description: 'Seconds' }), version: z.string(), nodeVersion: z.string() }),
  servers: PhaseCounts.extend({ states: StateCounts.meta({ description: 'The same servers, each in exactly one' }) }),
  performance: z.object({
    requestsPerMinute: z.number().meta({ description: 'Calls of the last five minutes, divided by five' }),
    avgResponseTime: z.string().meta({ description: 'Of the last five minutes; 0ms where nothing was called' }),
    errorRate: z.string().meta({ description: 'Calls that failed or timed out, of those of the last hour' }),
    toolErrorRate: z.string().meta({ description: 'Calls that a tool answered with an error, of the last hour' }),
    medianResponseTime: z.string().meta({ description: 'Of the last five minutes, as the next one' }),
    p95ResponseTime: z.string(),
  }),
  calls: z.object({
    lastFiveMinutes: z.int(),
    lastHour: z.int(),
    failedLastHour: z.int().meta({ description: 'Errors and timeouts' }),
    toolErrorsLastHour: z.int().meta({ description: 'Calls that a tool answered with an error' }),
  }),
});
export type HubSystemStatus = z.infer<typeof HubSystemStatus>;
