import type { Inputs, Outputs } from '../../lib/trpc.ts';

export type Budget = Outputs['models']['budgets'][number];
type Bound = Inputs['models']['setBudget'];

export type Period = Budget['period'];
export type Measure = Budget['measure'];
export const periods: readonly Period[] = ['day', 'month'];
export const measures: readonly Measure[] = ['tokens', 'money'];

/** A budget to be, as it is filled in. */
export interface BudgetDraft {
  of: 'user' | 'key';
  /** Name of the account. */
  username: string;
  keyId: string;
  period: Period;
  measure: Measure;
  most: string;
}

export function emptyBudget(of: BudgetDraft['of']): BudgetDraft {
  return { of, username: '', keyId: '', period: 'month', measure: 'tokens', most: '' };
}

const mostOfAll = 10_000_000_000;

/** What an amount says; null where it says none. Tokens are whole, and digits may stand in groups. */
export function readAmount(text: string, measure: Measure): number | null {
  const plain = text.trim().replaceAll(/[\s,_]/g, '');
  if (!/^(?:\d{1,11}(?:\.\d{0,6})?|\.\d{1,6})$/.test(plain)) return null;
  const amount = Number(plain);
  if (amount > mostOfAll || (measure === 'tokens' && !Number.isInteger(amount))) return null;
  return amount;
}

/** The bound of a budget that is there, with another amount; null takes it away. */
export function boundOf({ userId, keyId, period, measure }: Budget, most: number | null): Bound {
  return { ...(keyId === null ? { userId: userId ?? '' } : { keyId }), period, measure, most };
}

/** How much is used, from 0 to 1: of nothing, everything is. */
export function shareOf({ spent, most }: Pick<Budget, 'spent' | 'most'>): number {
  return most === 0 ? 1 : Math.min(1, spent / most);
}

const nearlyAll = 0.8;

export function toneOf(budget: Pick<Budget, 'spent' | 'most'>): 'ok' | 'warn' | 'bad' {
  const share = shareOf(budget);
  if (share >= 1) return 'bad';
  return share >= nearlyAll ? 'warn' : 'ok';
}

/** Budgets of people before those of their keys. */
export function inOrder(budgets: readonly Budget[]): Budget[] {
  function place({ username, keyId, keyName, period, measure }: Budget) {
    return [username ?? '', keyId === null ? '' : (keyName ?? keyId), period, measure].join('\u0000');
  }
  return budgets.toSorted((one, other) => (place(one) < place(other) ? -1 : 1));
}
