import type { AppSight } from '../events.ts';
import type { AppRow } from './rows.ts';

/** When an app changed: later than before, so that whoever has it in memory sees that it did. */
export function changedAt(now: number, { updatedAt }: Pick<AppRow, 'updatedAt'>): Date {
  return new Date(Math.max(now, updatedAt.getTime() + 1));
}

/** The fields that decide who sees an app. */
export function sightOf({ createdBy, visibility }: AppRow): AppSight {
  return { owner: createdBy, visibility };
}
