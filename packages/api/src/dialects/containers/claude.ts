import { z } from 'zod';
import { askClaude, getClaudeConfig } from '@switchboard/core/claude';
import type { Problem, RouteAnswer, RouteAnswers } from '../kit/problem.ts';
import { route } from './dialect.ts';
import { claude } from './examples.ts';
import { fromClaudeChat, toClaudeAnswer, toClaudeConfig } from './map.ts';
import { ClaudeAnswer, ClaudeChatBody, ClaudeConfig } from './wire.ts';

/** A provider that cannot be reached is 503 here; what else it fails with is 500. */
function providerAway({ details }: Problem): RouteAnswer {
  return details?.['provider'] === undefined ? {} : { status: 503 };
}
const answers: RouteAnswers = { unavailable: providerAway, timeout: providerAway };

export const config = route({
  method: 'GET',
  path: '/api/claude/config',
  summary: 'Tell which models of Claude you may ask',
  description:
    'Those of the hub that speak Anthropic’s format, or those that its settings name. `api_status` says whether you may ask one; the provider itself is not asked.',
  verbs: [getClaudeConfig],
  errors: [401, 403],
  example: { response: claude.config },
})
  .input(z.object({}))
  .output(ClaudeConfig)
  .query(async ({ ctx }) => toClaudeConfig(await getClaudeConfig(ctx.core, {})));

export const chat = route({
  method: 'POST',
  path: '/api/claude/chat',
  summary: 'Ask Claude, and wait for the answer',
  description:
    'Names of retired models mean their successors, and `model` of the answer says which one answered. 429: the provider has too many requests, or your budget is spent. 503: the provider cannot be reached. 500: there is no model that you may ask, or the provider refuses; `detail` says why.',
  verbs: [askClaude],
  errors: [401, 403, 422, 429, 500, 503],
  answers,
  example: {
    body: {
      prompt: '如何使用Docker部署一个简单的Web应用？',
      model: 'claude-3-opus-20240229',
      max_tokens_to_sample: 1000,
      temperature: 0.7,
    },
    response: claude.answer,
  },
})
  .input(ClaudeChatBody)
  .output(ClaudeAnswer)
  .mutation(async ({ ctx, input }) => toClaudeAnswer(await askClaude(ctx.core, fromClaudeChat(input))));
