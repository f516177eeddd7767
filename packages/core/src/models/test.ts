import type { z } from 'zod';
import type { Chunk, Message } from '@switchboard/agents';
import { requireRight } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { verb } from '../verb.ts';
import { patched, rowOf } from './draft.ts';
import { createMeter } from './estimate.ts';
import { failureOf } from './failure.ts';
import { requireModel } from './queries.ts';
import type { ModelRow } from './rows.ts';
import { ModelById, ModelDraft, type ModelTest, type OfferedModels } from './schema.ts';
import { takeTurn, toProviderModel } from './turns.ts';

/** A person waits for the result. */
const testMs = 30_000;
const longestText = 300;
const mostOffered = 1_000;

const messages: Message[] = [{ role: 'user', content: 'Say hello in one short sentence.' }];
const parameters = { max_tokens: 64 };
const limits = { totalMs: testMs, firstByteMs: testMs, idleMs: testMs, retries: 0 };

/** Reads an answer, with the time of its first piece. */
async function read(ctx: Ctx, row: ModelRow, chunks: AsyncIterable<Chunk>): Promise<ModelTest> {
  const elapsed = ctx.clock.elapsed ?? ctx.clock.now;
  const begun = elapsed();
  const meter = createMeter();
  let firstTokenMs: number | null = null;
  let text = '';
  try {
    for await (const chunk of chunks) {
      firstTokenMs ??= Math.round(elapsed() - begun);
      meter.add(chunk);
      if (text.length < longestText) text += chunk.choices[0]?.delta.content ?? '';
    }
  } catch (error) {
    const failure = failureOf(ctx, row, error);
    if (failure) return failure;
    throw error;
  }
  const { tokensIn, tokensOut } = meter.used(messages);
  const told = text.slice(0, longestText).toWellFormed();
  return { ok: true, firstTokenMs, totalMs: Math.round(elapsed() - begun), text: told, tokensIn, tokensOut };
}

/** Takes one short turn of a model, which counts like every other. */
export const testModel = verb(
  { name: 'model.use', access: 'write', input: ModelById, tx: false },
  async (ctx, { id }): Promise<ModelTest> => {
    const row = await requireModel(ctx, id, 'model.use');
    const { chunks } = await takeTurn(ctx, { model: row.id, messages, parameters, way: 'test', limits });
    ctx.audit({ id: row.id, details: { name: row.name, test: true } });
    return await read(ctx, row, chunks);
  },
);

/** The row that a draft describes; the stored values of the model it changes fill the gaps. */
async function draftRow(ctx: Ctx, { draft, existingId }: z.output<typeof ModelDraft>): Promise<ModelRow> {
  if (existingId !== undefined) return patched(ctx, await requireModel(ctx, existingId, 'model.configure'), draft);
  requireRight(ctx, 'model.create');
  return rowOf(ctx, { ...draft, name: draft.name ?? 'draft' });
}

/** The same for a model that is not stored yet; nothing of it is counted. */
export const testModelDraft = verb(
  { name: 'model.configure', access: 'write', input: ModelDraft, tx: false },
  async (ctx, input): Promise<ModelTest> => {
    const row = await draftRow(ctx, input);
    ctx.audit({ id: row.id, details: { baseUrl: row.baseUrl, test: true } });
    const { runTurn } = ctx.models.providers;
    return await read(
      ctx,
      row,
      runTurn({ ...toProviderModel(ctx, row), limits }, messages, [], ctx.signal, { parameters }),
    );
  },
);

/** The models that the provider of a draft offers, to pick from. */
export const listOffered = verb(
  { name: 'model.configure', access: 'write', input: ModelDraft, tx: false },
  async (ctx, input): Promise<OfferedModels> => {
    const row = await draftRow(ctx, input);
    ctx.audit({ id: row.id, details: { baseUrl: row.baseUrl, list: true } });
    try {
      const found = await ctx.models.providers.listModels({ ...toProviderModel(ctx, row), limits }, ctx.signal);
      return { ok: true, models: found.slice(0, mostOffered).map(({ id, title }) => ({ id, title })) };
    } catch (error) {
      const failure = failureOf(ctx, row, error);
      if (failure) return failure;
      throw error;
    }
  },
);
