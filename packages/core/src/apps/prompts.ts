import { asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { tables } from '@switchboard/db';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { verb } from '../verb.ts';
import { logOperation } from './log.ts';
import type { AppPromptRow } from './rows.ts';
import { PromptById, UpdatePrompt, type AppPrompt } from './schema.ts';

const { appPrompts } = tables;

/** The templates that models are asked with. */
export const listPrompts = verb(
  { name: 'simulator.read', access: 'read', input: z.object({}) },
  async (ctx): Promise<AppPrompt[]> => await ctx.db.select().from(appPrompts).orderBy(asc(appPrompts.num)),
);

/** One template, by number or name. */
export const getPrompt = verb(
  { name: 'simulator.read', access: 'read', input: PromptById },
  async (ctx, { id }): Promise<AppPrompt> => await requirePrompt(ctx, id),
);

/** By number or name. */
export const updatePrompt = verb(
  { name: 'simulator.configure', access: 'write', input: UpdatePrompt },
  async (ctx, { id, patch }): Promise<AppPrompt> => {
    const before = await requirePrompt(ctx, id);
    const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
    const [row = before] = await ctx.db
      .update(appPrompts)
      .set({ ...given, updatedAt: new Date(ctx.clock.now()) })
      .where(eq(appPrompts.num, before.num))
      .returning();
    const changed = Object.keys(given);
    ctx.audit({ id: row.name, details: { changed } });
    await logOperation(ctx, {
      action: 'update_prompt',
      targetType: 'PromptTemplate',
      targetId: row.num,
      details: { name: row.name, changed },
    });
    ctx.emit({ type: 'app-prompt.changed', name: row.name });
    return row;
  },
);

async function requirePrompt(ctx: Ctx, id: string | number): Promise<AppPromptRow> {
  const isNumber = typeof id === 'number' || /^\d{1,9}$/.test(id);
  const [row] = await ctx.db
    .select()
    .from(appPrompts)
    .where(isNumber ? eq(appPrompts.num, Number(id)) : eq(appPrompts.name, id));
  if (!row) throw new DomainError('not_found', say('noPrompt', { prompt: String(id) }), { value: String(id) });
  return row;
}
