import { z } from 'zod';
import { verb } from '../verb.ts';
import { converse } from './converse.ts';
import { offeredModels } from './models.ts';
import { ClaudeChat, type ClaudeAnswer, type ClaudeConfig } from './schema.ts';

/** Which models the actor may ask over the Claude API. */
export const getClaudeConfig = verb(
  { name: 'model.read', access: 'read', input: z.object({}) },
  async (ctx): Promise<ClaudeConfig> => {
    const models = (await offeredModels(ctx)).map(({ name }) => name);
    return { models, defaultModel: models[0] ?? null, maxTokens: ctx.policy.claude.maxTokens };
  },
);

/** Answers a prompt when the whole answer is there. */
export const askClaude = verb(
  { name: 'model.use', access: 'read', input: ClaudeChat },
  async (ctx, input): Promise<ClaudeAnswer> => await converse(ctx, input),
);
