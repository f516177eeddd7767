import { ilike, or, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';

/** A pattern of LIKE for texts that contain this one, with its own `%` and `_` escaped. */
export function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, String.raw`\$&`)}%`;
}

/** Whether one of the columns holds a text, whatever the case; undefined where the text says nothing. */
export function contains(text: string | undefined, columns: readonly (PgColumn | SQL)[]): SQL | undefined {
  const searched = text?.trim() ?? '';
  return searched === '' ? undefined : or(...columns.map((column) => ilike(column, likePattern(searched))));
}
