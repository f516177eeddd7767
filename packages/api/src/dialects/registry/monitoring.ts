import { z } from 'zod';
import { health as readHealth, statistics as readStatistics } from '@switchboard/core/monitoring';
import { failsAs, route } from './dialect.ts';
import { monitoring } from './examples.ts';
import { toHealth, toStatistics } from './map.ts';
import { HealthAnswer, StatisticsAnswer } from './wire.ts';

export const statistics = route({
  method: 'GET',
  path: '/api/mcp/statistics',
  summary: 'Count servers and tools',
  verbs: [readStatistics],
  errors: [401, 403, 500],
  answers: failsAs('GET_STATISTICS_FAILED'),
  example: { response: monitoring.statistics },
})
  .input(z.object({}))
  .output(StatisticsAnswer)
  .query(async ({ ctx }) => toStatistics(await readStatistics(ctx.core, {})));

export const health = route({
  method: 'GET',
  path: '/api/mcp/health',
  summary: 'Tell whether every server that should run does',
  description: 'Answers 503 where one does not. Servers that were stopped or switched off on purpose do not count.',
  alsoAnswers: [503],
  verbs: [readHealth],
  errors: [401, 403],
  answers: failsAs('HEALTH_CHECK_FAILED', 503),
  example: { response: monitoring.healthy, also: { 503: monitoring.unhealthy } },
})
  .input(z.object({}))
  .output(HealthAnswer)
  .query(async ({ ctx }) => {
    const answer = toHealth(await readHealth(ctx.core, {}));
    if (!answer.success) ctx.reply.status = 503;
    return answer;
  });
