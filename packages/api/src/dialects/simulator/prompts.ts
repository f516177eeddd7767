import { z } from 'zod';
import { getPrompt, listPrompts, updatePrompt } from '@switchboard/core/apps';
import { route } from './dialect.ts';
import { prompts as examples } from './examples.ts';
import { toPrompt } from './map.ts';
import { ByPrompt, Message, Prompt, PromptChanges } from './wire.ts';

export const list = route({
  method: 'GET',
  path: '/admin/api/prompts',
  summary: 'List the templates that models are asked with',
  verbs: [listPrompts],
  errors: [401, 403],
  example: { response: { prompts: [examples.simulation] } },
})
  .input(z.object({}))
  .output(z.object({ prompts: z.array(Prompt) }))
  .query(async ({ ctx }) => ({ prompts: (await listPrompts(ctx.core, {})).map(toPrompt) }));

export const get = route({
  method: 'GET',
  path: '/admin/api/prompts/{prompt_id}',
  summary: 'Show a template',
  description: 'By number or name.',
  beyond: true,
  verbs: [getPrompt],
  errors: [401, 403, 404],
  example: { response: { prompt: examples.simulation } },
})
  .input(ByPrompt)
  .output(z.object({ prompt: Prompt }))
  .query(async ({ ctx, input }) => ({ prompt: toPrompt(await getPrompt(ctx.core, { id: input.prompt_id })) }));

export const update = route({
  method: 'PUT',
  path: '/admin/api/prompts/{prompt_id}',
  summary: 'Change a template',
  description: 'Fields that are not given keep their values.',
  verbs: [updatePrompt],
  errors: [400, 401, 403, 404],
  example: { body: { template: '修改后的模板内容...' }, response: { message: '模板更新成功' } },
})
  .input(ByPrompt.extend(PromptChanges.shape))
  .output(Message)
  .mutation(async ({ ctx, input: { prompt_id: id, display_name: displayName, ...same } }) => {
    await updatePrompt(ctx.core, { id, patch: { ...same, ...(displayName !== undefined && { displayName }) } });
    return { message: '模板更新成功' };
  });
