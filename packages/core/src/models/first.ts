import { eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { Ctx } from '../context.ts';
import { findModel } from './queries.ts';
import type { CreateModel } from './schema.ts';
import { createModel } from './verbs.ts';

/** A model that a hub creates when it first starts with a key for it. */
export interface FirstModel extends CreateModel {
  /** The setting that the model was made of. It is made once: a removed model does not come back. */
  origin: string;
}

/** Makes the models that the hub was started with keys for, each once. */
export async function addFirstModels(ctx: Ctx, given: readonly FirstModel[]): Promise<void> {
  for (const { origin, ...draft } of given) {
    const key = `firstModel:${origin}`;
    const [made] = await ctx.db.select().from(tables.settings).where(eq(tables.settings.key, key));
    if (made) continue;
    if (!(await findModel(ctx.db, draft.name))) await createModel(ctx, draft);
    await ctx.db.insert(tables.settings).values({ key, value: draft.name }).onConflictDoNothing();
  }
}
