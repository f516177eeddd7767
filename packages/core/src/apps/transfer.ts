import { ZodError } from 'zod';
import { tables } from '@switchboard/db';
import { invalidField, isDomainError, messageOf } from '../errors.ts';
import { say } from '../reasons.ts';
import { verb } from '../verb.ts';
import { appsOfText, inOurWords } from './file.ts';
import { logOperation } from './log.ts';
import { requireApp, seenApps } from './queries.ts';
import type { AppRow } from './rows.ts';
import { CreateApp, ExportApps, ImportApps, mostApps, type ExportedApps, type ImportedApps } from './schema.ts';
import { assertMakeable, full, insertApps, roomFor, updateApp } from './verbs.ts';

const { apps } = tables;

/** The fields that make an app again on another hub, without its owner and visibility. */
function toExported(row: AppRow): CreateApp {
  const { category, name, displayName, description, aiNotes, enabled, actions, initialState, seed, profile, faults } =
    row;
  return CreateApp.parse({
    category,
    name,
    displayName,
    description,
    aiNotes,
    enabled,
    actions,
    initialState,
    seed,
    profile,
    faults,
  });
}

/** The apps that the actor sees, or those of them that are named, as another hub takes them. */
export const exportApps = verb(
  { name: 'app.read', access: 'read', input: ExportApps },
  async (ctx, { ids }): Promise<ExportedApps> => {
    const rows = ids === undefined ? await seenApps(ctx) : await Promise.all(ids.map((id) => requireApp(ctx, id)));
    const exportedAt = new Date(ctx.clock.now()).toISOString();
    return { format: 'switchboard-apps', version: 1, exportedAt, apps: rows.map(toExported) };
  },
);

const atOnce = 50;

/** Creates apps, and changes those that exist by category and name. An app that is wrong does not affect the others. */
export const importApps = verb(
  { name: 'app.create', access: 'write', input: ImportApps },
  async (ctx, { apps: listed, text }): Promise<ImportedApps> => {
    const given = (listed ?? appsOfText(text ?? '')).map(inOurWords);
    if (given.length > mostApps) throw invalidField('text', say('tooManyApps', { most: mostApps }));
    const done: ImportedApps = { total: given.length, created: 0, updated: 0, failed: 0, errors: [] };
    function fail(index: number, error: unknown) {
      done.failed += 1;
      done.errors.push({ index, app: nameIn(given[index]), error: why(error) });
    }
    const known = new Map((await ctx.db.select(names).from(apps)).map((app) => [nameIn(app), app.id]));
    const fresh = new Map<string, { index: number; draft: CreateApp }>();
    const changes: { index: number; draft: CreateApp }[] = [];
    let room = await roomFor(ctx);
    for (const [index, each] of given.entries()) {
      const parsed = CreateApp.safeParse(each);
      try {
        if (!parsed.success) throw parsed.error;
        const key = nameIn(parsed.data);
        if (known.has(key) || fresh.has(key)) {
          changes.push({ index, draft: parsed.data });
          continue;
        }
        assertMakeable(ctx, parsed.data);
        if (room <= 0) throw full();
        room -= 1;
        fresh.set(key, { index, draft: parsed.data });
      } catch (error) {
        fail(index, error);
      }
    }
    const drafts = [...fresh.values()].map(({ draft }) => draft);
    for (let at = 0; at < drafts.length; at += atOnce) {
      for (const row of await insertApps(ctx, drafts.slice(at, at + atOnce))) known.set(nameIn(row), row.id);
    }
    done.created = drafts.length;
    for (const { index, draft } of changes) {
      try {
        await updateApp(ctx, { id: known.get(nameIn(draft)) ?? '', patch: draft });
        done.updated += 1;
      } catch (error) {
        fail(index, error);
      }
    }
    done.errors.sort((one, other) => one.index - other.index);
    const { total, created, updated, failed } = done;
    ctx.audit({ details: { total, created, updated, failed } });
    const details = { total, created, updated, failed };
    await logOperation(ctx, { action: 'import_apps', targetType: 'Application', details });
    return done;
  },
);

const names = { id: apps.id, category: apps.category, name: apps.name };

/** The reason why an app could not be imported; an unforeseen error is thrown. */
function why(error: unknown): string {
  if (isDomainError(error)) return messageOf(error);
  if (!(error instanceof ZodError)) throw error;
  const [issue] = error.issues;
  return issue ? [issue.path.map(String).join('.'), issue.message].filter((part) => part !== '').join(': ') : '';
}

/** A name for an entry that is no app. */
function nameIn(given: unknown): string {
  if (typeof given !== 'object' || given === null) return '';
  const [category, name]: unknown[] = [Reflect.get(given, 'category'), Reflect.get(given, 'name')];
  return [category, name].map((word) => (typeof word === 'string' ? word.slice(0, 50) : '?')).join('/');
}
