import { z } from 'zod';
import type { FirstModel } from '@switchboard/core/models';
import { BaseUrl } from '@switchboard/core/models/schema';

const key = z.string().min(1).optional();

/** Keys of providers that the hub makes a model of when it first starts with one. Programs may have them too. */
export const ModelSettings = z.object({
  ANTHROPIC_API_KEY: key,
  ANTHROPIC_BASE_URL: BaseUrl.default('https://api.anthropic.com'),
  OPENAI_API_KEY: key,
  OPENAI_BASE_URL: BaseUrl.default('https://api.openai.com/v1'),
});

/** The models that are made of the settings. */
export function toFirstModels(env: z.infer<typeof ModelSettings>): FirstModel[] {
  const anthropic: Omit<FirstModel, 'apiKey'> = {
    origin: 'anthropic',
    name: 'claude-sonnet-4-5',
    protocol: 'anthropic',
    baseUrl: env.ANTHROPIC_BASE_URL,
    abilities: { tools: true, images: true },
  };
  const openai: Omit<FirstModel, 'apiKey'> = {
    origin: 'openai',
    name: 'gpt-4o',
    protocol: 'openai',
    baseUrl: env.OPENAI_BASE_URL,
    abilities: { tools: true, images: true },
  };
  return [
    ...(env.ANTHROPIC_API_KEY === undefined ? [] : [{ ...anthropic, apiKey: env.ANTHROPIC_API_KEY }]),
    ...(env.OPENAI_API_KEY === undefined ? [] : [{ ...openai, apiKey: env.OPENAI_API_KEY }]),
  ];
}
