import type { budgetPeriods } from '@switchboard/db/words';

export type BudgetPeriod = (typeof budgetPeriods)[number];

/** The day of a moment, in UTC: `2026-01-31`. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** When the day or the month of a moment began, in UTC. */
export function beginOf(period: BudgetPeriod, at: number): Date {
  const day = dayOf(at);
  return new Date(`${period === 'day' ? day : `${day.slice(0, 7)}-01`}T00:00:00.000Z`);
}

/** Seconds from a moment until the next day or month begins, in UTC. */
export function secondsToNext(period: BudgetPeriod, at: number): number {
  const begin = beginOf(period, at);
  if (period === 'day') begin.setUTCDate(begin.getUTCDate() + 1);
  else begin.setUTCMonth(begin.getUTCMonth() + 1);
  return Math.ceil((begin.getTime() - at) / 1000);
}
