import type { Core } from '@switchboard/core';
import { createModel } from '@switchboard/core/models';
import type { CreateModel } from '@switchboard/core/models/schema';

/** The body of a question as the document has it. */
export const documentedQuestion = {
  prompt: '用户提问内容',
  model: '模型名称（可选，默认为claude-3-opus-20240229）',
  max_tokens_to_sample: 1000,
  temperature: 0.7,
  top_p: 0.9,
  top_k: 40,
};

/** A model of everybody's that a provider at this URL answers for, in Anthropic's format. */
export async function addClaude(
  { core }: { core: Core },
  baseUrl: string,
  name = 'claude-sonnet-4-5',
  more: Partial<CreateModel> = {},
): Promise<void> {
  const apiKey = 'sk-1234567890';
  const draft = { name, baseUrl, protocol: 'anthropic', apiKey, visibility: 'everyone' } as const;
  await createModel(core.ctxFor({ type: 'local' }), { ...draft, ...more });
}
