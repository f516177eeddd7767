import { inArray, sql } from 'drizzle-orm';
import { isObject } from '@switchboard/basics';
import { tables, type Db } from '@switchboard/db';
import { type Tree } from './paths.ts';
import { Section, sections } from './schema.ts';
import type { Stored } from './sections.ts';

/** The stored values of each section, and the time of the last change. */
export interface StoredSettings {
  stored: Stored;
  changed: Partial<Record<Section, Date>>;
}

/** Reads all sections. */
export async function readStored(db: Db): Promise<StoredSettings> {
  const rows = await db
    .select()
    .from(tables.settings)
    .where(inArray(tables.settings.key, [...sections]));
  const found: StoredSettings = { stored: {}, changed: {} };
  for (const { key, value, updatedAt } of rows) {
    const { data: section } = Section.safeParse(key);
    if (!section || !isObject(value)) continue;
    found.stored[section] = value;
    found.changed[section] = updatedAt;
  }
  return found;
}

/** Stores what was set of a section; null: nothing is set any more. */
export async function writeStored(db: Db, section: Section, value: Tree | null, now: Date): Promise<void> {
  if (value === null) {
    await db.delete(tables.settings).where(inArray(tables.settings.key, [section]));
    return;
  }
  const change = { value, updatedAt: now };
  await db
    .insert(tables.settings)
    .values({ key: section, ...change })
    .onConflictDoUpdate({ target: tables.settings.key, set: change });
}

/** Two changes at once are made one after the other, until the end of the transaction. */
export async function lockSettings(db: Db): Promise<void> {
  await db.execute(sql`select pg_advisory_xact_lock(hashtextextended('switchboard configuration', 0))`);
}
