import { z } from 'zod';
import { getModel, listModels } from '@switchboard/core/models';
import { route } from './dialect.ts';
import { models as examples } from './examples.ts';
import { toListed } from './map.ts';
import { ByModel, ListedModel, ModelList } from './wire.ts';

export const list = route({
  method: 'GET',
  path: '/v1/models',
  summary: 'List the models, as OpenAI does',
  description: 'Those that the caller sees, by the names under which they are asked.',
  beyond: true,
  verbs: [listModels],
  errors: [401, 403, 429],
  example: { response: examples.list },
})
  .input(z.object({}))
  .output(ModelList)
  .query(async ({ ctx }) => ({ object: 'list' as const, data: (await listModels(ctx.core, {})).map(toListed) }));

export const get = route({
  method: 'GET',
  path: '/v1/models/{model}',
  greedy: true,
  summary: 'Show a model, as OpenAI does',
  beyond: true,
  verbs: [getModel],
  errors: [400, 401, 403, 404, 429],
  example: { response: examples.one },
})
  .input(ByModel)
  .output(ListedModel)
  .query(async ({ ctx, input }) => toListed(await getModel(ctx.core, { id: input.model })));
