import { z } from 'zod';
import type { Ctx } from '../context.ts';
import { findModel, openKey } from '../models/queries.ts';
import { keyMask, type ModelTest } from '../models/schema.ts';
import { testModelDraft } from '../models/test.ts';
import { createModel, updateModel } from '../models/verbs.ts';
import { verb } from '../verb.ts';
import { logOperation } from './log.ts';
import { LlmConfig, simulatorModel, type ShownLlmConfig } from './schema.ts';

const usual = { baseUrl: 'https://api.openai.com/v1', model: 'gpt-4o-mini' };
const whole = 12;

/** The first six and last four characters of a key; of a short one the first three. */
function masked(key: string | null): string {
  if (key === null || key === '') return '';
  return key.length <= whole ? `${key.slice(0, 3)}${keyMask}` : `${key.slice(0, 6)}${keyMask}${key.slice(-4)}`;
}

/** How the model is reached that answers for apps where an action names none. */
export const getLlmConfig = verb(
  { name: 'simulator.read', access: 'read', input: z.object({}) },
  async (ctx): Promise<ShownLlmConfig> => {
    const row = await findModel(ctx.db, simulatorModel);
    return {
      apiKey: row ? masked(openKey(ctx.secrets, row)) : '',
      baseUrl: row?.baseUrl ?? usual.baseUrl,
      model: row?.model ?? usual.model,
      thinking: row?.extraBody['enable_thinking'] === true,
      stream: row?.options.stream === true,
    };
  },
);

/** The given settings as a draft of the model; a key that contains `***` was shown before, and keeps the stored one. */
async function draftOf(ctx: Ctx, { apiKey, baseUrl, model, thinking, stream }: LlmConfig) {
  const row = await findModel(ctx.db, simulatorModel);
  const extraBody = { ...row?.extraBody, ...(thinking !== undefined && { enable_thinking: thinking }) };
  const options = { ...row?.options, ...(stream !== undefined && { stream }) };
  const isKept = apiKey === undefined || apiKey.includes(keyMask);
  return {
    row,
    draft: {
      name: simulatorModel,
      baseUrl: baseUrl ?? row?.baseUrl ?? usual.baseUrl,
      model: model ?? row?.model ?? usual.model,
      extraBody,
      options,
      ...(!isKept && { apiKey }),
    },
  };
}

/**
 * Sets the model; where there is none yet it is created for everyone, because every holder of a token gets answers from
 * it.
 */
export const saveLlmConfig = verb(
  { name: 'simulator.configure', access: 'write', input: LlmConfig },
  async (ctx, input): Promise<void> => {
    const { row, draft } = await draftOf(ctx, input);
    if (row) await updateModel(ctx, { id: row.id, patch: draft });
    else await createModel(ctx, { ...draft, visibility: 'everyone' });
    ctx.audit({ id: simulatorModel, details: { baseUrl: draft.baseUrl, model: draft.model } });
    await logOperation(ctx, { action: 'update_llm_config', targetType: 'LLMConfig', details: { model: draft.model } });
  },
);

/** Takes one short turn with what is given, and stores nothing of it. */
export const testLlmConfig = verb(
  { name: 'simulator.configure', access: 'write', input: LlmConfig, tx: false },
  async (ctx, input): Promise<{ model: string; result: ModelTest }> => {
    const { row, draft } = await draftOf(ctx, input);
    ctx.audit({ id: simulatorModel, details: { baseUrl: draft.baseUrl, test: true } });
    const result = await testModelDraft(ctx, { draft, ...(row && { existingId: row.id }) });
    return { model: draft.model, result };
  },
);
