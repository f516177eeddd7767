import { z } from 'zod';
import { createModel, getModel, listModels, removeModel, updateModel } from '@switchboard/core/models';
import type { RouteAnswers } from '../kit/problem.ts';
import { route } from './dialect.ts';
import { models as examples } from './examples.ts';
import { done, fromAdded, fromChanged, toData, toListed } from './map.ts';
import { AddModelBody, ByModel, ChangeModelBody, Done, ListedModel, ModelAnswer } from './wire.ts';

const absent: RouteAnswers = { not_found: { status: 404, message: '模型不存在' } };
const at = { path: '/models/{model_name}', aliases: ['/api/models/{model_name}'], greedy: true } as const;

export const list = route({
  method: 'GET',
  path: '/models',
  aliases: ['/api/models'],
  summary: 'List the models',
  description: 'Those that the caller sees, the built-in one, `demo`, first.',
  verbs: [listModels],
  errors: [401, 403, 500],
  example: { response: examples.list },
})
  .input(z.object({}))
  .output(z.array(ListedModel))
  .query(async ({ ctx }) => (await listModels(ctx.core, {})).map(toListed));

export const get = route({
  method: 'GET',
  ...at,
  summary: 'Show a model',
  description: 'Its settings are told to who may change it.',
  verbs: [getModel],
  errors: [401, 403, 404, 500],
  answers: absent,
  example: { response: examples.one },
})
  .input(ByModel)
  .output(ModelAnswer)
  .query(async ({ ctx, input }) => ({
    status: 'success' as const,
    data: toData(await getModel(ctx.core, { id: input.model_name })),
  }));

export const create = route({
  method: 'POST',
  path: '/models',
  aliases: ['/api/models'],
  summary: 'Add a model',
  description: 'It is the caller’s alone until it is opened to others on the page.',
  verbs: [createModel],
  errors: [400, 401, 403, 422, 500],
  answers: { conflict: { status: 400, message: '模型已存在' } },
  example: {
    body: { name: 'claude-3', base_url: 'https://api.anthropic.com', api_key: 'sk-...' },
    response: examples.added,
  },
})
  .input(AddModelBody)
  .output(Done)
  .mutation(async ({ ctx, input }) => {
    const { name } = await createModel(ctx.core, fromAdded(input));
    return done(`模型 '${name}' 添加成功`);
  });

export const update = route({
  method: 'PUT',
  ...at,
  summary: 'Change a model',
  description: 'Fields that are not given keep their values.',
  verbs: [getModel, updateModel],
  errors: [400, 401, 403, 404, 422, 500],
  answers: { ...absent, conflict: { status: 400, message: '新名称已存在' } },
  example: {
    body: { name: 'gpt-4-updated', base_url: 'https://api.openai.com/v2', api_key: 'sk-...' },
    response: examples.changed,
  },
})
  .input(ByModel.extend(ChangeModelBody.shape).loose())
  .output(Done)
  .mutation(async ({ ctx, input: { model_name: name, ...body } }) => {
    const before = await getModel(ctx.core, { id: name });
    await updateModel(ctx.core, { id: before.id, patch: fromChanged(body, before) });
    return done(`模型 '${before.name}' 更新成功`);
  });

export const remove = route({
  method: 'DELETE',
  ...at,
  summary: 'Remove a model',
  verbs: [removeModel],
  errors: [401, 403, 404, 500],
  answers: absent,
  example: { response: examples.removed },
})
  .input(ByModel)
  .output(Done)
  .mutation(async ({ ctx, input }) => {
    const { name } = await removeModel(ctx.core, { id: input.model_name });
    return done(`模型 '${name}' 删除成功`);
  });
