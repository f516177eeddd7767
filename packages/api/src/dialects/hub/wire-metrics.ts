import { z } from 'zod';
import { granularities, MetricFilters, MetricName, timeRanges } from '@switchboard/core/monitoring/schema';

/** A word of the list; another one is a wrong value, not an unknown request. */
function oneOf<const Words extends readonly [string, ...string[]]>(words: Words, description: string) {
  return z
    .string()
    .meta({ description: `${description}: ${words.join(', ')}` })
    .transform((word, issues) => readWord(words, word, issues));
}

function readWord<const Words extends readonly string[]>(
  words: Words,
  word: string,
  issues: z.core.$RefinementCtx,
): Words[number] {
  if (isOneOf(words, word)) return word;
  const shown = word.slice(0, 64);
  issues.addIssue({ code: 'custom', message: `must be one of ${words.join(', ')}, and is ${JSON.stringify(shown)}` });
  return z.NEVER;
}

function isOneOf<const Words extends readonly string[]>(words: Words, word: string): word is Words[number] {
  return words.includes(word);
}

const longestList = 512;
const { server, tool, group, key, user, model } = MetricFilters.shape;

export const HubMetricsQuery = z.object({
  timeRange: oneOf(timeRanges, 'Until now; 1h where not given').optional(),
  granularity: oneOf(granularities, 'How long one point lasts; where not given, as suits the time').optional(),
  metrics: z
    .string()
    .max(longestList)
    .meta({
      description: `With commas between them: ${MetricName.options.join(', ')}. Where not given: all that the caller may read`,
    })
    .transform((text, issues) => text.split(',').map((word) => readWord(MetricName.options, word.trim(), issues)))
    .optional(),
  server: server.meta({ description: 'Id of a server' }),
  tool: tool.meta({ description: 'A tool with its server: `server/tool`; or with `server` its name' }),
  group: group.meta({ description: 'Id of a group: calls at its endpoint' }),
  key: key.meta({ description: 'Id of an API key' }),
  user: user.meta({ description: 'Id or name of a user' }),
  model: model.meta({ description: 'Id or name of a model: tokens of its turns' }),
});

export const units: Readonly<Record<MetricName, string>> = {
  cpu: 'percent',
  memory: 'bytes',
  requests: 'calls',
  toolCalls: 'calls',
  errors: 'calls',
  toolErrors: 'calls',
  errorRate: 'ratio',
  responseTime: 'ms',
  tokens: 'tokens',
  sessions: 'sessions',
  instances: 'instances',
};

const value = z.number().optional();

const HubMetricPoint = z.object({
  timestamp: z.iso.datetime().meta({ description: 'Where it begins' }),
  value: value.meta({ description: 'The sum of what is counted, else the average' }),
  min: value.meta({ description: 'Of what is measured' }),
  max: value.meta({ description: 'The same' }),
  avg: value.meta({ description: 'Of responseTime, in the place of `value`' }),
  p50: value.meta({ description: 'Of responseTime: half of the calls took no longer' }),
  p95: value.meta({ description: 'Of responseTime: 95 of 100 calls took no longer' }),
  p99: value.meta({ description: 'Of responseTime: 99 of 100 calls took no longer' }),
});
export type HubMetricPoint = z.infer<typeof HubMetricPoint>;

const HubMetric = z
  .object({
    unit: z.string(),
    data: z.array(HubMetricPoint).meta({ description: 'Times without anything are left out' }),
    summary: z
      .object({
        total: value.meta({ description: 'Of what is counted' }),
        avg: z
          .number()
          .nullable()
          .meta({ description: 'Of a point; of responseTime and errorRate of a call; null: unknown' }),
        peak: value.meta({ description: 'The highest point of what is counted, and of errorRate' }),
        min: value.meta({ description: 'Of what is measured' }),
        max: value.meta({ description: 'The same' }),
        p50: value.meta({ description: 'Of responseTime' }),
        p95: value.meta({ description: 'Of responseTime' }),
        p99: value.meta({ description: 'Of responseTime' }),
        current: value.meta({ description: 'Now, of what is measured: of the process that answers' }),
      })
      .nullable()
      .meta({ description: 'null: nothing is known' }),
  })
  .meta({ id: 'HubMetric' });

export const HubMetrics = z.object({
  timeRange: z.enum(timeRanges),
  granularity: z.enum(granularities).meta({
    description: 'As it was used: coarser where there would be more than 1,500 points, or none so old are kept',
  }),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  metrics: z.record(z.string(), HubMetric).meta({ description: 'By name' }),
});

const rate = z.number().nullable();

function number(description: string) {
  return z.number().meta({ description });
}
function count(description: string) {
  return z.int().meta({ description });
}

const HubNow = z.object({
  requestsPerMinute: number('Calls a minute'),
  requestsPerSecond: number('Calls a second'),
  toolCallsPerMinute: number('Calls of tools a minute'),
  errorsPerMinute: number('Errors and timeouts a minute'),
  toolErrorsPerMinute: number('Calls a minute that a tool answered with an error'),
  errorRate: rate.meta({ description: '0 to 1; null: nothing was called' }),
  avgResponseTime: rate.meta({ description: 'Milliseconds; null: nothing was called' }),
  tokensPerMinute: rate.meta({ description: 'null: for who may not read the metrics of the hub' }),
});
export const HubThroughput = HubNow.meta({ id: 'HubThroughput' });

export const HubServerHealth = z
  .object({
    id: z.string(),
    name: z.string(),
    status: z.string(),
    healthy: z.boolean(),
    asleep: z.boolean().meta({ description: 'It starts with the next call' }),
    error: z.string().nullable().meta({ description: 'null: it is healthy' }),
    uptime: z.int().nullable().meta({ description: 'Milliseconds since it started; null: it does not run' }),
    lastActivity: z.iso.datetime().nullable().meta({ description: 'null: nothing was called since the hub started' }),
    toolCount: count('Tools that it has'),
    requests: z.int().meta({ description: 'Calls of the last hour' }),
    errors: z.int().meta({ description: 'Errors and timeouts among them' }),
    toolErrors: z.int().meta({ description: 'Calls that a tool answered with an error' }),
    avgResponseTime: rate.meta({ description: 'Milliseconds; null: nothing was called' }),
  })
  .meta({ id: 'HubServerHealth' });
export type HubServerHealth = z.infer<typeof HubServerHealth>;

export const HubHealth = z
  .object({
    status: z.enum(['healthy', 'degraded']),
    database: z.object({
      responseTime: z.number().meta({ description: 'Milliseconds' }),
      bytes: z.number().nullable().meta({ description: 'null: for who may not read the metrics of the hub' }),
    }),
    jobs: z.object({ healthy: z.boolean() }),
    servers: z
      .object({ total: count('That should run'), healthy: count('That do') })
      .meta({ description: 'That should run, of those the caller sees' }),
    engines: z.array(z.object({ name: z.string(), healthy: z.boolean() })),
    disk: z
      .object({ freeBytes: number('Bytes'), totalBytes: number('Bytes'), healthy: z.boolean() })
      .nullable()
      .meta({ description: 'With the data of the hub; null as `bytes`' }),
  })
  .meta({ id: 'HubHealth' });

const HubTopEntry = z.object({
  id: z.string(),
  requests: count('Calls'),
  errors: count('Errors and timeouts among them'),
  toolErrors: count('Calls that it answered with an error'),
  avgResponseTime: rate.meta({ description: 'Milliseconds; null: nothing was called' }),
  p95ResponseTime: rate.meta({ description: 'As the one before' }),
});

export const HubDashboard = z.object({
  health: HubHealth,
  servers: z.array(HubServerHealth),
  throughput: HubThroughput,
  slowest: z.array(HubTopEntry).meta({ description: 'Tools of the last hour, as `server/tool`' }),
  failing: z.array(HubTopEntry).meta({ description: 'The same' }),
});
