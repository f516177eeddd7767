import { z } from 'zod';
import { ModelName } from '@switchboard/core/models/schema';
import { wholeNumber } from '../process/caps.ts';
import { list } from '../process/list.ts';

const names = list.pipe(z.array(ModelName).max(100, 'must be at most 100 names of models'));

/** Settings of the Claude API: which models of the hub it offers, and how much of them. */
export const ClaudeSettings = z.object({
  CLAUDE_MODELS: names,
  CLAUDE_MAX_TOKENS: wholeNumber(1, 1_000_000, 4096),
  CLAUDE_DOCKER_CONTEXT: z.stringbool().default(true),
});

export function toClaude(env: z.infer<typeof ClaudeSettings>) {
  return {
    models: env.CLAUDE_MODELS,
    maxTokens: env.CLAUDE_MAX_TOKENS,
    dockerContext: env.CLAUDE_DOCKER_CONTEXT,
  } as const;
}
