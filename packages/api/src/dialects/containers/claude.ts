import { z } from 'zod';
import { askClaude, askClaudeLater, getClaudeConfig, getClaudeRequest } from '@switchboard/core/claude';
import type { Problem, RouteAnswer, RouteAnswers } from '../kit/problem.ts';
import { route } from './dialect.ts';
import { claude } from './examples.ts';
import { fromClaudeChat, toClaudeAnswer, toClaudeConfig, toClaudeResult } from './map.ts';
import {
  ByRequest,
  ClaudeAnswer,
  ClaudeAsked,
  ClaudeChatBody,
  ClaudeConfig,
  ClaudeLaterBody,
  ClaudeResult,
} from './wire.ts';

const away: readonly unknown[] = ['overloaded', 'unavailable', 'timeout'];

/** A provider that cannot be reached is 503 here; whatever else it refuses is 500. */
function providerFailed({ details, message }: Problem): RouteAnswer {
  const failure = details?.['provider'];
  return failure === undefined ? {} : { status: away.includes(failure) ? 503 : 500, message };
}
const answers: RouteAnswers = { unavailable: providerFailed, timeout: providerFailed, invalid: providerFailed };

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

export const chatLater = route({
  method: 'POST',
  path: '/api/claude/chat/async',
  summary: 'Ask Claude, and fetch the answer later',
  description:
    'The answer is at `GET /api/claude/chat/async/{request_id}` for 24 hours, also after a restart of the hub. With `callback_url` it is posted there too, as that route answers it, with the headers of Standard Webhooks: `webhook-id`, `webhook-timestamp` and `webhook-signature`, which is `v1,` and the base64 of HMAC-SHA256 over `{webhook-id}.{webhook-timestamp}.{body}` with what follows `whsec_` in `callback_secret`, from base64. Posts may come twice. What the provider refuses stands in the answer.',
  verbs: [askClaudeLater],
  errors: [401, 403, 422, 429, 500],
  example: {
    body: { prompt: '如何使用Docker部署一个简单的Web应用？', max_tokens_to_sample: 1000 },
    response: claude.asked,
  },
})
  .input(ClaudeLaterBody)
  .output(ClaudeAsked)
  .mutation(async ({ ctx, input: { callback_url: callbackUrl, ...input } }) => {
    const { id, callbackSecret } = await askClaudeLater(ctx.core, { ...fromClaudeChat(input), callbackUrl });
    return {
      status: 'processing' as const,
      request_id: id,
      message: '请求已提交，正在处理中',
      ...(callbackSecret !== null && { callback_secret: callbackSecret }),
    };
  });

export const result = route({
  method: 'GET',
  path: '/api/claude/chat/async/{request_id}',
  aliases: ['/api/claude/chat/{request_id}'],
  beyond: true,
  summary: 'Fetch the answer to a question that was asked for later',
  description: 'Your own ones; with an API key those that it asked.',
  verbs: [getClaudeRequest],
  errors: [401, 403, 404],
  example: { response: claude.result },
})
  .input(ByRequest)
  .output(ClaudeResult)
  .query(async ({ ctx, input }) => toClaudeResult(await getClaudeRequest(ctx.core, { id: input.request_id })));
