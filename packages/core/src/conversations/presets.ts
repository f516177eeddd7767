import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { tables } from '@switchboard/db';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { newId } from '../secrets.ts';
import { storable, storableJson } from '../storable.ts';
import { verb } from '../verb.ts';
import { ForgetPreset, KeepPresets, mostPresets, type Preset } from './schema.ts';

const { chatPresets } = tables;

function isOwn({ actor }: Ctx) {
  const userId = userIdOf(actor);
  return userId === null ? isNull(chatPresets.userId) : eq(chatPresets.userId, userId);
}

/** Lists the presets of the actor, by name. */
export const listPresets = verb(
  { name: 'conversation.read', access: 'read', input: z.object({}) },
  async (ctx): Promise<Preset[]> => {
    const rows = await ctx.db.select().from(chatPresets).where(isOwn(ctx)).orderBy(asc(chatPresets.name));
    return rows.map(({ name, settings }) => ({ ...(settings as unknown as Omit<Preset, 'name'>), name }));
  },
);

/** Stores presets under their names, replacing existing ones. Throws `limit_exceeded` where they are too many. */
export const keepPresets = verb(
  { name: 'conversation.write', access: 'write', input: KeepPresets },
  async (ctx, { presets, onlyNew }): Promise<{ kept: string[] }> => {
    const userId = userIdOf(ctx.actor);
    // Two at once would each find room.
    await ctx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`chat_presets/${userId ?? ''}`}, 0))`);
    const given = new Map(presets.map(({ name, ...settings }) => [storable(name, 60), settings]));
    const names = [...given.keys()];
    const there = await ctx.db
      .select({ name: chatPresets.name })
      .from(chatPresets)
      .where(and(isOwn(ctx), inArray(chatPresets.name, names)));
    for (const { name } of onlyNew ? there : []) given.delete(name);
    if (!onlyNew) await ctx.db.delete(chatPresets).where(and(isOwn(ctx), inArray(chatPresets.name, names)));
    const count = (await ctx.db.$count(chatPresets, isOwn(ctx))) + given.size;
    if (count > mostPresets) throw new DomainError('limit_exceeded', say('presetsFull', { count: mostPresets }));
    const createdAt = new Date(ctx.clock.now());
    const rows = [...given].map(([name, settings]) => ({
      id: newId(),
      userId,
      name,
      settings: storableJson({ ...settings }),
      createdAt,
    }));
    if (rows.length > 0) await ctx.db.insert(chatPresets).values(rows);
    const kept = rows.map(({ name }) => name);
    ctx.audit({ id: 'presets', details: { kept } });
    return { kept };
  },
);

/** Forgets what was kept under a name. */
export const forgetPreset = verb(
  { name: 'conversation.write', access: 'write', input: ForgetPreset },
  async (ctx, { name }): Promise<{ name: string }> => {
    await ctx.db.delete(chatPresets).where(and(isOwn(ctx), eq(chatPresets.name, storable(name, 60))));
    ctx.audit({ id: 'presets', details: { forgotten: name } });
    return { name };
  },
);
