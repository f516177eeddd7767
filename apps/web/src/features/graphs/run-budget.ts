import type { Inputs } from '../../lib/trpc.ts';

export type RunBudget = NonNullable<Inputs['graphs']['runs']['start']['budget']>;
export const budgetKinds = ['tokens', 'cost', 'steps', 'seconds'] as const;
export type BudgetKind = (typeof budgetKinds)[number];

/** What a run may use, as it is filled in; empty: as much as its runner may. */
export type BudgetDraft = Record<BudgetKind, string>;

const most: Record<BudgetKind, number> = { tokens: 1e9, cost: 1e9, steps: 1e5, seconds: 2_592_000 };

export function draftOf(budget: RunBudget | null): BudgetDraft {
  const texts = budgetKinds.map((kind) => [kind, budget?.[kind]?.toString() ?? '']);
  return Object.fromEntries(texts) as BudgetDraft;
}

/** Whether it is empty or an amount that a run may have: whole and above zero, but for money. */
export function isAmount(kind: BudgetKind, text: string): boolean {
  const value = Number(text);
  if (text.trim() === '') return true;
  return value > 0 && value <= most[kind] && (kind === 'cost' || Number.isInteger(value));
}

/** The budget that is filled in; without any amounts it bounds nothing. */
export function budgetOf(draft: BudgetDraft): RunBudget {
  const filled = budgetKinds.filter((kind) => draft[kind].trim() !== '');
  return Object.fromEntries(filled.map((kind) => [kind, Number(draft[kind])]));
}
