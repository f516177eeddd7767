import { z } from 'zod';
import { hubHealth, readCurrent, readMetrics, readTop, serversHealth } from '@switchboard/core/monitoring';
import { route } from './dialect.ts';
import { metrics as examples } from './examples-metrics.ts';
import { toHubHealth, toHubMetrics, toHubServerHealth, toHubThroughput, toHubTopEntry } from './map-metrics.ts';
import { given, ok } from './map.ts';
import {
  HubDashboard,
  HubHealth,
  HubMetrics,
  HubMetricsQuery,
  HubServerHealth,
  HubThroughput,
} from './wire-metrics.ts';
import { envelope } from './wire.ts';

const Nothing = z.object({});
const seen = 'Of the whole hub for who may read its metrics, of the servers that one sees for others.';
const mostTop = 10;

export const metrics = route({
  method: 'GET',
  path: '/api/monitoring/metrics',
  summary: 'Read figures over time',
  description:
    'Calls of MCP servers, whichever way they came, tokens of models, and what the hub measures of itself. With one of ' +
    '`server`, `tool`, `group`, `key`, `user` and `model` what that one has to do with; `cpu` and `memory` of a server ' +
    'are those of the programs that run for it on the hub’s machine. With several at once there are calls alone, as ' +
    'long as the calls themselves are kept. Without one, who may not read the metrics of the hub gets the calls at ' +
    'the servers that it sees and its own tokens, and `cpu`, `memory`, `sessions` and `instances` are refused. ' +
    'Percentiles are at most an eighth beside the true ones.',
  verbs: [readMetrics],
  alsoNeeds: {
    'metrics.read': 'for `cpu`, `memory`, `sessions` and `instances` of the hub, and for calls and tokens of others',
  },
  errors: [400, 401, 403, 404, 422],
  example: { response: examples.metrics },
})
  .input(HubMetricsQuery)
  .output(envelope(HubMetrics))
  .query(async ({ ctx, input }) =>
    ok(toHubMetrics(await readMetrics(ctx.core, given(input)), input.timeRange ?? ('1h' as const))),
  );

export const serverHealth = route({
  method: 'GET',
  path: '/api/monitoring/servers/health',
  summary: 'Tell how the servers that should run do',
  description: 'Those that the caller sees.',
  beyond: true,
  verbs: [serversHealth],
  errors: [401],
  example: { response: examples.serversHealth },
})
  .input(Nothing)
  .output(envelope(z.object({ servers: z.array(HubServerHealth) })))
  .query(async ({ ctx }) => ok({ servers: (await serversHealth(ctx.core, {})).map(toHubServerHealth) }));

export const throughput = route({
  method: 'GET',
  path: '/api/monitoring/throughput',
  summary: 'Tell how much is called at the moment',
  description: `Averages of the last five minutes. ${seen}`,
  beyond: true,
  verbs: [readCurrent],
  errors: [401],
  example: { response: examples.throughput },
})
  .input(Nothing)
  .output(envelope(HubThroughput))
  .query(async ({ ctx }) => ok(toHubThroughput(await readCurrent(ctx.core, {}))));

export const health = route({
  method: 'GET',
  path: '/api/monitoring/health',
  summary: 'Tell how the hub itself does',
  description:
    'Its database, jobs, container engines and disk, and the servers that the caller sees; sizes for who may read the ' +
    'metrics of the hub.',
  beyond: true,
  verbs: [hubHealth],
  errors: [401],
  example: { response: examples.health },
})
  .input(Nothing)
  .output(envelope(HubHealth))
  .query(async ({ ctx }) => ok(toHubHealth(await hubHealth(ctx.core, {}))));

export const dashboard = route({
  method: 'GET',
  path: '/api/monitoring/dashboard',
  summary: 'Show all of that at once',
  description: `Health, servers, throughput, and the slowest and most failing tools of the last hour. ${seen}`,
  beyond: true,
  verbs: [hubHealth, serversHealth, readCurrent, readTop],
  errors: [401],
  example: { response: examples.dashboard },
})
  .input(Nothing)
  .output(envelope(HubDashboard))
  .query(async ({ ctx: { core } }) => {
    const [hub, servers, now, top] = await Promise.all([
      hubHealth(core, {}),
      serversHealth(core, {}),
      readCurrent(core, {}),
      readTop(core, { by: 'tool', limit: mostTop }),
    ]);
    return ok({
      health: toHubHealth(hub),
      servers: servers.map(toHubServerHealth),
      throughput: toHubThroughput(now),
      slowest: top.slowest.map(toHubTopEntry),
      failing: top.failing.map(toHubTopEntry),
    });
  });
