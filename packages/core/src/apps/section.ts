import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { tables } from '@switchboard/db';
import { namesOf, ownerOf } from '../config-file/people.ts';
import type { Section, FileEntry } from '../config-file/section.ts';
import { invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { parseInput } from '../verb.ts';
import { saidOnly } from '../versions/said.ts';
import { listPrompts, updatePrompt } from './prompts.ts';
import { findApp } from './queries.ts';
import type { AppRow } from './rows.ts';
import { AppPatch, PromptPatch } from './schema.ts';
import { createApp, updateApp } from './verbs.ts';

const { apps } = tables;
const { category: _category, name: _name, ...fields } = AppPatch.shape;
const Entry = z.strictObject({
  ...fields,
  displayName: fields.displayName.unwrap(),
  owner: z.string().max(128).optional(),
});

function told(row: AppRow, owner: string | undefined): FileEntry {
  const { displayName, description, aiNotes, enabled, seed, profile, faults, visibility } = row;
  return {
    displayName,
    ...saidOnly({ description, aiNotes }),
    enabled,
    visibility,
    ...saidOnly({ owner, seed, profile, faults, initialState: row.initialState, actions: row.actions }),
  };
}

/** Simulated products, as `Category/Name`. */
export const appsInFile: Section = {
  name: 'products',
  tables: ['apps'],
  rights: { read: 'app.read', write: 'app.create' },
  entry: Entry,
  async read(ctx) {
    const people = await namesOf(ctx.db);
    const rows = await ctx.db.select().from(apps).orderBy(apps.category, apps.name);
    return new Map(rows.map((row) => [`${row.category}/${row.name}`, told(row, people.get(row.createdBy ?? ''))]));
  },
  async write(ctx, key, entry, before) {
    const createdBy = await ownerOf(ctx, entry, before);
    const { owner: _owner, ...given } = parseInput(Entry, entry);
    const nothing = {
      description: '',
      aiNotes: '',
      seed: null,
      profile: null,
      faults: [],
      initialState: {},
      actions: [],
    };
    const [category = '', name = ''] = key.split('/', 2);
    const row = before ? await findApp(ctx.db, key) : null;
    const patch = { ...nothing, ...given };
    const { id } = row
      ? await updateApp(ctx, { id: row.id, patch })
      : await createApp(ctx, { ...patch, category, name });
    await ctx.db.update(apps).set({ createdBy }).where(eq(apps.id, id));
  },
};

/** The templates with which models answer for products. They are the same on every hub, by name. */
export const promptsInFile: Section = {
  name: 'prompts',
  tables: ['app_prompts'],
  rights: { read: 'simulator.read', write: 'simulator.configure' },
  entry: z.strictObject(PromptPatch.shape),
  async read(ctx) {
    const rows = (await listPrompts(ctx, {})).toSorted((one, other) => (one.name < other.name ? -1 : 1));
    return new Map(
      rows.map(({ name, displayName, description, template, variables, enabled }): [string, FileEntry] => [
        name,
        { displayName, description, enabled, variables, template },
      ]),
    );
  },
  async write(ctx, name, entry, before) {
    if (!before) throw invalidField('', say('promptUnknown'));
    await updatePrompt(ctx, { id: name, patch: parseInput(PromptPatch, entry) });
  },
};
