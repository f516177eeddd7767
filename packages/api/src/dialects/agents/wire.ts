import { z } from 'zod';
import { CreateModel, ModelOptions } from '@switchboard/core/models/schema';

/** Shapes of the agents API as documented. */

const { shape } = CreateModel;
const keyText = '`***` in its place where one is stored';

export const ByModel = z.object({
  model_name: z.string().min(1).max(256).meta({ description: 'Name of a model; it may hold `/`' }),
});

const settings = {
  model: shape.model.meta({
    description: 'What the provider calls it. Of a new model: its name, where nothing is given',
  }),
  protocol: z
    .enum(['openai', 'anthropic'])
    .optional()
    .meta({ description: 'The format that is spoken to it; where nothing is given, what its base URL says' }),
  ...ModelOptions.shape,
  extra_body: shape.extraBody.meta({ description: 'Added to the body of each request' }),
  extra_headers: shape.headers.meta({ description: 'Added to each request; `***` keeps a stored value' }),
  timeout: z.number().min(1).max(3_600).optional().meta({ description: 'Seconds that a whole answer may take' }),
};

export const ShuttingDown = z.object({
  status: z.literal('success'),
  message: z.string(),
  active_sessions: z.number().int().meta({ description: 'How many runs of graphs go on in this hub' }),
});

/** Further keys are kept for the caller, and have no effect. */
export const AddModelBody = z.looseObject({
  name: shape.name,
  base_url: shape.baseUrl,
  api_key: shape.apiKey.meta({ description: 'The key of the provider; empty where it wants none' }),
  ...settings,
});
export type AddModelBody = z.infer<typeof AddModelBody>;

export const ChangeModelBody = z.looseObject({
  name: shape.name.optional().meta({ description: 'Another name for it' }),
  base_url: shape.baseUrl.optional(),
  api_key: shape.apiKey.meta({ description: 'Another key; an empty one, or `***`, keeps the stored one' }),
  ...settings,
});
export type ChangeModelBody = z.infer<typeof ChangeModelBody>;

const identity = {
  name: z.string(),
  base_url: z.string().meta({ description: 'Empty for the built-in model' }),
};

export const ListedModel = z
  .object({
    ...identity,
    api_key: z.literal('***').meta({ description: 'No key is ever told' }),
    model: z.string().meta({ description: 'What the provider calls it' }),
  })
  .meta({ id: 'AgentsListedModel' });

export const ModelData = z
  .looseObject({
    ...identity,
    api_key: z.string().meta({ description: `Never the key: ${keyText}, else empty` }),
    model: z.string(),
    protocol: z.enum(['openai', 'anthropic', 'demo']),
    ...ModelOptions.shape,
    extra_body: z.record(z.string(), z.unknown()).optional(),
    extra_headers: z.record(z.string(), z.string()).optional().meta({ description: 'Values are `***`' }),
    timeout: z.number().optional().meta({ description: 'Seconds that a whole answer may take' }),
  })
  .meta({ id: 'AgentsModel' });

export const ModelAnswer = z.object({ status: z.literal('success'), data: ModelData });

export const Done = z.object({ status: z.literal('success'), message: z.string() }).meta({ id: 'AgentsDone' });
