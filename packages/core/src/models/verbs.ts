import { isDeepStrictEqual } from 'node:util';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { tables } from '@switchboard/db';
import { requireRight } from '../access/require.ts';
import { modelReference } from '../access/resource-kinds.ts';
import { atField, DomainError, invalidField } from '../errors.ts';
import { forgetReferences } from '../keys/bounds-of-gone.ts';
import { say } from '../reasons.ts';
import { lockUser } from '../users/queries.ts';
import { verb, type VerbCtx } from '../verb.ts';
import { demoRow } from './demo.ts';
import { patched, rowOf } from './draft.ts';
import { lockModel, openHeaders, openKey, requireModel, seenModels, sightOf } from './queries.ts';
import type { ModelRow } from './rows.ts';
import { CreateModel, ModelById, UpdateModel, type Model } from './schema.ts';
import { toModel } from './view.ts';

const { models, groupModels } = tables;
/** Names are few enough to be listed whole. */
const mostPerPerson = 500;

/** The models that the actor sees, the built-in one first and the others by name. */
export const listModels = verb(
  { name: 'model.read', access: 'read', input: z.object({}) },
  async (ctx): Promise<Model[]> => (await seenModels(ctx)).map((row) => toModel(ctx, row)),
);

/** By id, else by name. */
export const getModel = verb(
  { name: 'model.read', access: 'read', input: ModelById },
  async (ctx, { id }): Promise<Model> => toModel(ctx, await requireModel(ctx, id)),
);

export const createModel = verb(
  { name: 'model.create', access: 'write', input: CreateModel },
  async (ctx, draft): Promise<Model> => {
    const row = rowOf(ctx, draft);
    await requireNameFree(ctx, row);
    await requireOpening(ctx, null, row);
    await assertRoom(ctx, row.createdBy);
    const { groups, ...values } = row;
    await ctx.db.insert(models).values(values);
    await setGroups(ctx, row.id, groups);
    const { id, name, baseUrl, model, visibility } = row;
    ctx.audit({ id, details: { name, baseUrl, model, visibility, groups } });
    ctx.emit({ type: 'model.changed', id, sights: [sightOf(row)] });
    return toModel(ctx, row);
  },
);

/** Changes what is given; the rest keeps its value. */
export const updateModel = verb(
  { name: 'model.configure', access: 'write', input: UpdateModel },
  async (ctx, { id, patch }): Promise<Model> => {
    const found = await requireChangeable(ctx, id);
    const before = await lockModel(ctx, found.id);
    const next = patched(ctx, before, patch);
    const changed = changedFields(ctx, before, next);
    ctx.audit({ id: before.id, details: { name: before.name, changed } });
    if (changed.length === 0) return toModel(ctx, before);
    if (next.nameKey !== before.nameKey) await requireNameFree(ctx, next);
    await requireOpening(ctx, before, next);
    next.updatedAt = new Date(ctx.clock.now());
    const { groups, ...values } = next;
    await ctx.db.update(models).set(values).where(eq(models.id, before.id));
    if (changed.includes('groups')) await setGroups(ctx, before.id, groups);
    if (next.name !== before.name) await forgetReferences(ctx, [modelReference(before.name)]);
    ctx.emit({ type: 'model.changed', id: before.id, sights: [sightOf(before), sightOf(next)] });
    return toModel(ctx, next);
  },
);

export const removeModel = verb(
  { name: 'model.configure', access: 'write', input: ModelById },
  async (ctx, input): Promise<{ id: string; name: string }> => {
    const found = await requireChangeable(ctx, input.id);
    const { id, name, ...row } = await lockModel(ctx, found.id);
    await ctx.db.delete(models).where(eq(models.id, id));
    await forgetReferences(ctx, [modelReference(name)]);
    ctx.audit({ id, details: { name, removed: true } });
    ctx.emit({ type: 'model.changed', id, sights: [sightOf({ id, name, ...row })] });
    return { id, name };
  },
);

/** Not even the hub's own admin changes what is built in. */
async function requireChangeable(ctx: VerbCtx, id: string): Promise<ModelRow> {
  const row = await requireModel(ctx, id, 'model.configure');
  if (row !== demoRow) return row;
  throw new DomainError('forbidden', say('modelBuiltIn'), { value: id });
}

/** One name space for everybody: by their names programs ask for models. */
async function requireNameFree(ctx: VerbCtx, { id, name, nameKey }: ModelRow): Promise<void> {
  const isBuiltIn = nameKey === demoRow.nameKey;
  const [other] = isBuiltIn ? [demoRow] : await ctx.db.select().from(models).where(eq(models.nameKey, nameKey));
  if (!other || other.id === id) return;
  const why = isBuiltIn ? say('modelNameBuiltIn', { name }) : say('modelExists', { name });
  throw new DomainError('conflict', why, { ...atField('name', why), value: name });
}

/** Checks the right to show a model to more people than before. */
async function requireOpening(ctx: VerbCtx, before: ModelRow | null, next: ModelRow): Promise<void> {
  if (next.visibility === 'everyone' && before?.visibility !== 'everyone') requireRight(ctx, 'server.publish');
  for (const group of next.groups.filter((one) => !before?.groups.includes(one))) {
    const absent = invalidField('groups', say('groupNotSeen', { group }));
    if (!ctx.access.directory.group(group)) throw absent;
    requireRight(ctx, 'group.add-server', { type: 'group', id: group }, () => absent);
  }
}

/** Counts with the owner's row locked, so that models made at once count each other. */
async function assertRoom(ctx: VerbCtx, userId: string | null): Promise<void> {
  if (userId === null) return;
  await lockUser(ctx.db, userId);
  const count = await ctx.db.$count(models, eq(models.createdBy, userId));
  if (count < mostPerPerson) return;
  throw new DomainError('limit_exceeded', say('modelsFull', { count }));
}

async function setGroups(ctx: VerbCtx, modelId: string, groups: readonly string[]): Promise<void> {
  await ctx.db.delete(groupModels).where(eq(groupModels.modelId, modelId));
  if (groups.length > 0) await ctx.db.insert(groupModels).values(groups.map((groupId) => ({ modelId, groupId })));
}

function changedFields(ctx: VerbCtx, before: ModelRow, next: ModelRow): string[] {
  return Object.keys(next).filter((field) => {
    if (field === 'apiKey') return openKey(ctx.secrets, before) !== openKey(ctx.secrets, next);
    if (field === 'headers')
      return !isDeepStrictEqual(openHeaders(ctx.secrets, before), openHeaders(ctx.secrets, next));
    return !isDeepStrictEqual(Reflect.get(before, field), Reflect.get(next, field));
  });
}
