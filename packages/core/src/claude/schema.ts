import { z } from 'zod';
import type { claudeStates } from '@switchboard/db/words';

/** A prompt with what came along; longer ones no model takes. */
const longestPrompt = 1_000_000;

export const ClaudeChat = z.object({
  prompt: z.string().min(1, 'must not be empty').max(longestPrompt, 'must have at most 1,000,000 characters'),
  /** Any name: one that is not offered means the default model, and a retired one its successor. */
  model: z.string().max(256).optional(),
  /** Above the limit of the settings, the limit counts. */
  maxTokens: z.int().min(1).max(1_000_000_000).default(1_000),
  /** Without it and `topP`: 0.7. */
  temperature: z.number().min(0).max(1).optional(),
  topP: z.number().min(0).max(1).optional(),
  topK: z.int().min(0).max(1_000_000).optional(),
  /** Whether the model gets the containers and images that the caller sees. */
  dockerContext: z.boolean().default(true),
});
export type ClaudeChat = z.output<typeof ClaudeChat>;

export interface ClaudeAnswer {
  completion: string;
  /** In Anthropic's words: `end_turn`, `max_tokens`, `refusal`; others as the provider has them. */
  stopReason: string;
  /** Name of the model that answered. */
  model: string;
}

export interface ClaudeConfig {
  /** Names of the models that the caller may ask, the default one first. */
  models: string[];
  /** Null where there is none. */
  defaultModel: string | null;
  maxTokens: number;
}

export const ClaudeQuestion = ClaudeChat.extend({
  /** Told the answer by a signed post. */
  callbackUrl: z
    .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
    .max(2_048)
    .optional(),
});

export const ClaudeRequestById = z.object({ id: z.string().min(1).max(64) });

export interface AskedClaude {
  id: string;
  /** Signs the post to the callback; null where none was asked for. */
  callbackSecret: string | null;
}

export interface ClaudeRequest {
  id: string;
  state: (typeof claudeStates)[number];
  completion: string | null;
  stopReason: string | null;
  model: string | null;
  error: string | null;
  createdAt: Date;
  completedAt: Date | null;
}
