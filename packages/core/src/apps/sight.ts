import type { AppSight } from '../events.ts';
import type { AppRow } from './rows.ts';

/** The time of a change, later than the one before, so that hubs with the app in memory notice it. */
export function changedAt(now: number, { updatedAt }: Pick<AppRow, 'updatedAt'>): Date {
  return new Date(Math.max(now, updatedAt.getTime() + 1));
}

/** The fields that decide who sees an app. */
export function sightOf({ createdBy, visibility }: AppRow): AppSight {
  return { owner: createdBy, visibility };
}
