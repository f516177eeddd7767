import { z } from 'zod';
import { getLlmConfig, saveLlmConfig, testLlmConfig } from '@switchboard/core/apps';
import type { LlmConfig as CoreLlmConfig } from '@switchboard/core/apps/schema';
import { route } from './dialect.ts';
import { llm as examples } from './examples.ts';
import { LlmConfig, Message, ShownLlmConfig, Tested } from './wire.ts';

const path = '/admin/api/llm-config';

function fromWire({
  api_key: apiKey,
  api_base_url: baseUrl,
  model_name: model,
  enable_thinking: thinking,
  enable_stream: stream,
}: LlmConfig): CoreLlmConfig {
  return Object.fromEntries(
    Object.entries({ apiKey, baseUrl, model, thinking, stream }).filter(([, value]) => value !== undefined),
  );
}

export const get = route({
  method: 'GET',
  path,
  summary: 'Show the model that answers for apps',
  description: 'It is the hub’s model called `simulator`; of its key the ends are shown.',
  verbs: [getLlmConfig],
  errors: [401, 403],
  example: { response: examples.shown },
})
  .input(z.object({}))
  .output(ShownLlmConfig)
  .query(async ({ ctx }) => {
    const { apiKey, baseUrl, model, thinking, stream } = await getLlmConfig(ctx.core, {});
    return {
      api_key: apiKey,
      api_base_url: baseUrl,
      model_name: model,
      enable_thinking: thinking,
      enable_stream: stream,
    };
  });

export const save = route({
  method: 'POST',
  path,
  summary: 'Set the model that answers for apps',
  description:
    'Fields that are not given keep their values. Where there is no model `simulator` yet, it is made, for everyone to use.',
  verbs: [saveLlmConfig],
  alsoNeeds: {
    'model.create': 'where there is no such model yet',
    'model.configure': 'to change it',
    'server.publish': 'where there is no such model yet',
  },
  errors: [400, 401, 403],
  example: { body: examples.given, response: { message: '配置保存成功，已重新加载配置' } },
})
  .input(LlmConfig)
  .output(Message)
  .mutation(async ({ ctx, input }) => {
    await saveLlmConfig(ctx.core, fromWire(input));
    return { message: '配置保存成功，已重新加载配置' };
  });

export const test = route({
  method: 'POST',
  path: `${path}/test`,
  summary: 'Try the model that answers for apps',
  description:
    'With what is given, and what is stored of the rest. Nothing is stored. A failure is 400 with `success: false`.',
  alsoAnswers: [400],
  verbs: [testLlmConfig],
  alsoNeeds: { 'model.create': 'where there is no such model yet', 'model.configure': 'always' },
  errors: [400, 401, 403],
  example: { body: examples.given, response: examples.tested, also: { 400: examples.failed } },
})
  .input(LlmConfig)
  .output(Tested)
  .mutation(async ({ ctx, input }) => {
    const { model, result } = await testLlmConfig(ctx.core, fromWire(input));
    if (!result.ok) {
      ctx.reply.status = 400;
      return { success: false, error: result.message };
    }
    const duration = `${(result.totalMs / 1_000).toFixed(2)}秒`;
    return { success: true, message: '连接测试成功', model, response: result.text, duration };
  });
