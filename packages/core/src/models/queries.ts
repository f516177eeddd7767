import { asc, eq, getTableColumns, or, sql } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import type { Action } from '../access/actions.ts';
import { may, requireRight } from '../access/require.ts';
import { modelReference } from '../access/resource-kinds.ts';
import type { ModelResource } from '../access/subject.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { ModelSight } from '../events.ts';
import { say } from '../reasons.ts';
import { openJson, sealJson, type Secrets } from '../secrets.ts';
import { demoRow, isDemo } from './demo.ts';
import type { ModelRow } from './rows.ts';

const { models, groupModels } = tables;

const columns = {
  ...getTableColumns(models),
  groups: sql<string[]>`coalesce((select array_agg(${groupModels.groupId} order by ${groupModels.groupId})
    from ${groupModels} where ${groupModels.modelId} = ${models.id}), '{}')`,
};

/** The form of a name that is compared: Unicode NFC, without case. */
export function nameKeyOf(name: string): string {
  return name.toLowerCase().normalize('NFC');
}

export function sightOf({ createdBy, visibility, groups, name }: ModelRow): ModelSight {
  return { owner: createdBy, visibility, groups, refs: [modelReference(name)] };
}

export function modelResource(row: ModelRow): ModelResource {
  return { type: 'model', builtIn: isDemo(row), ...sightOf(row) };
}

export function absentModel(name: string): DomainError {
  return new DomainError('not_found', say('noModel', { name }), { value: name });
}

/** Every model, the built-in one first and the others by name. */
export async function loadModels(db: Db): Promise<ModelRow[]> {
  return [demoRow, ...(await db.select(columns).from(models).orderBy(asc(models.nameKey)))];
}

/** Finds a model by id, else by name, without a check of rights. */
export async function findModel(db: Db, idOrName: string): Promise<ModelRow | null> {
  if (nameKeyOf(idOrName) === demoRow.nameKey) return demoRow;
  // No text of the database has one.
  if (idOrName.includes('\0')) return null;
  const rows = await db
    .select(columns)
    .from(models)
    .where(or(eq(models.id, idOrName), eq(models.name, idOrName)));
  return rows.find(({ id }) => id === idOrName) ?? rows[0] ?? null;
}

/** The model, where the actor may do this with it; absent where it sees none of that id or name. */
export async function requireModel(ctx: Ctx, idOrName: string, action: Action = 'model.read'): Promise<ModelRow> {
  const row = await findModel(ctx.db, idOrName);
  if (!row) throw absentModel(idOrName);
  requireRight(ctx, action, modelResource(row), () => absentModel(idOrName));
  return row;
}

/** Models that the actor sees. */
export async function seenModels(ctx: Ctx): Promise<ModelRow[]> {
  return (await loadModels(ctx.db)).filter((row) => may(ctx, 'model.read', modelResource(row)));
}

/** Takes the row until the transaction ends, so that two changes of one model follow each other. */
export async function lockModel(ctx: Ctx, id: string): Promise<ModelRow> {
  await ctx.db.select({ id: models.id }).from(models).where(eq(models.id, id)).for('update');
  const row = await findModel(ctx.db, id);
  if (!row) throw absentModel(id);
  return row;
}

type Sealed = Pick<ModelRow, 'id' | 'apiKey' | 'headers'>;

function placeOf(row: string, column: 'apiKey' | 'headers') {
  return { table: 'models', row, column };
}

export function sealKey(secrets: Secrets, id: string, key: string | null): string | null {
  return key === null ? null : secrets.seal(placeOf(id, 'apiKey'), key);
}

export function openKey(secrets: Secrets, { id, apiKey }: Sealed): string | null {
  return apiKey === null ? null : secrets.open(placeOf(id, 'apiKey'), apiKey);
}

/** Headers are stored as one sealed JSON object, names included. */
export function sealHeaders(secrets: Secrets, id: string, headers: Readonly<Record<string, string>>): string | null {
  return Object.keys(headers).length === 0 ? null : sealJson(secrets, placeOf(id, 'headers'), headers);
}

export function openHeaders(secrets: Secrets, { id, headers }: Sealed): Record<string, string> {
  return headers === null ? {} : (openJson(secrets, placeOf(id, 'headers'), headers) as Record<string, string>);
}
