import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { tables } from '@switchboard/db';
import { maskDeep, unmaskDeep } from '../config-file/masks.ts';
import { namesOf, ownerOf } from '../config-file/people.ts';
import type { Section, FileEntry } from '../config-file/section.ts';
import { isSecretValue } from '../secrecy.ts';
import { parseInput } from '../verb.ts';
import { saidOnly } from '../versions/said.ts';
import { isDemo } from './demo.ts';
import { findModel, loadModels, openHeaders } from './queries.ts';
import type { ModelRow } from './rows.ts';
import { keyMask, ModelPatch } from './schema.ts';
import { createModel, updateModel } from './verbs.ts';

const { name: _name, ...fields } = ModelPatch.shape;
const Entry = z.strictObject({ ...fields, baseUrl: z.string().max(2_048), owner: z.string().max(128).optional() });

function told(ctx: Parameters<Section['read']>[0], row: ModelRow, owner: string | undefined): FileEntry {
  const { protocol, baseUrl, model, options, extraBody, kept, timeoutMs, priceIn, priceOut, contextWindow } = row;
  const names = Object.keys(openHeaders(ctx.secrets, row)).toSorted();
  const { tools, images, reasoning, toolProtocol, visibility, groups } = row;
  return {
    model,
    baseUrl: isSecretValue(baseUrl) ? keyMask : baseUrl,
    ...saidOnly({
      protocol,
      apiKey: row.apiKey === null ? null : keyMask,
      headers: Object.fromEntries(names.map((name) => [name, keyMask])),
      options: maskDeep(options),
      extraBody: maskDeep(extraBody),
      kept: maskDeep(kept),
      timeoutMs,
      priceIn,
      priceOut,
      contextWindow,
    }),
    abilities: { tools, images, reasoning },
    toolProtocol,
    visibility,
    ...saidOnly({ groups, owner }),
  };
}

/** Models, by name, without their keys; the built-in one is every hub's own. */
export const modelsInFile: Section = {
  name: 'models',
  tables: ['models', 'group_models'],
  rights: { read: 'model.read', write: 'model.create' },
  entry: Entry,
  secrets: ['*.baseUrl', '*.apiKey', '*.headers.*', '*.options.**', '*.extraBody.**', '*.kept.**'],
  needed: ['baseUrl'],
  async read(ctx) {
    const people = await namesOf(ctx.db);
    const rows = (await loadModels(ctx.db)).filter((row) => !isDemo(row));
    return new Map(rows.map((row) => [row.name, told(ctx, row, people.get(row.createdBy ?? ''))]));
  },
  async write(ctx, name, entry, before) {
    const owner = await ownerOf(ctx, entry, before);
    const { owner: _owner, ...given } = parseInput(Entry, entry);
    const stored = before ? await findModel(ctx.db, name) : null;
    const nothing = {
      protocol: null,
      headers: {},
      timeoutMs: null,
      priceIn: null,
      priceOut: null,
      contextWindow: null,
      groups: [],
    };
    const free = {
      options: unmaskDeep(given.options ?? {}, stored?.options),
      extraBody: unmaskDeep(given.extraBody ?? {}, stored?.extraBody),
      kept: unmaskDeep(given.kept ?? {}, stored?.kept),
    };
    const patch = parseInput(ModelPatch, { ...nothing, ...given, ...free });
    if (stored) {
      const { baseUrl, ...rest } = patch;
      const kept = baseUrl === keyMask ? rest : patch;
      await updateModel(ctx, { id: stored.id, patch: { ...kept, apiKey: given.apiKey ?? null } });
      await ctx.db.update(tables.models).set({ createdBy: owner }).where(eq(tables.models.id, stored.id));
      return;
    }
    const { id } = await createModel(ctx, { ...patch, name, baseUrl: given.baseUrl, apiKey: given.apiKey ?? '' });
    await ctx.db.update(tables.models).set({ createdBy: owner }).where(eq(tables.models.id, id));
  },
};
