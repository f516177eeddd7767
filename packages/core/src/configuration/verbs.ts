import { z } from 'zod';
import type { Ctx } from '../context.ts';
import { verb } from '../verb.ts';
import { changeSection, storeSection } from './change.ts';
import { BySection, ChangeConfiguration, sections, type Configuration, type PublicAppearance } from './schema.ts';
import { lockedBy, settingsFrom, describeSettings } from './sections.ts';
import { lockSettings, readStored } from './stored.ts';

/** The configuration with masked secrets, read from the database. */
export async function tellConfiguration(ctx: Ctx): Promise<Configuration> {
  const { stored, changed } = await readStored(ctx.db);
  return {
    settings: describeSettings(ctx.secrets, settingsFrom(ctx.policy, stored)),
    locked: { ...lockedBy(ctx.policy) },
    changed,
  };
}

/** Every setting that can change while the hub runs; secrets are masked. */
export const getConfiguration = verb(
  { name: 'config.read', access: 'read', input: z.object({}) },
  async (ctx): Promise<Configuration> => await tellConfiguration(ctx),
);

/** Changes what is given of the sections that are given; all of it, or nothing. */
export const changeConfiguration = verb(
  { name: 'config.change', access: 'write', input: ChangeConfiguration },
  async (ctx, given): Promise<Configuration> => {
    await lockSettings(ctx.db);
    let { stored } = await readStored(ctx.db);
    for (const section of sections) {
      const patch = given[section];
      if (patch !== undefined) stored = await changeSection(ctx, stored, section, patch);
    }
    return await tellConfiguration(ctx);
  },
);

/** Makes a section again what it is where nobody set anything. */
export const resetConfiguration = verb(
  { name: 'config.change', access: 'write', input: BySection },
  async (ctx, { section }): Promise<Configuration> => {
    await lockSettings(ctx.db);
    const { stored } = await readStored(ctx.db);
    await storeSection(ctx, stored, { section, next: null });
    return await tellConfiguration(ctx);
  },
);

/** The settings that everybody may read, from memory. */
export function publicAppearance({ settings }: Pick<Ctx, 'settings'>): PublicAppearance {
  const { name, mark, banner } = settings.now().appearance;
  const { text, tone } = banner;
  return { name, mark, banner: text === null || text.trim() === '' ? null : { text, tone } };
}
