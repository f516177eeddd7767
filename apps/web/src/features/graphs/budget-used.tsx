import { useTranslation } from 'react-i18next';
import { count } from '../../lib/format.ts';
import { useCost } from '../../ui/rounds/usage-line.tsx';
import { budgetKinds, type BudgetKind } from './run-budget.ts';
import type { ShownVisit } from './run-visits.ts';
import type { RunDetail } from './types.ts';

/** What a run used of its budget. */
export function BudgetUsed({ run, visits }: { run: RunDetail; visits: readonly ShownVisit[] }) {
  const { t, i18n } = useTranslation();
  const cost = useCost();
  const { budget } = run;
  const kinds = budgetKinds.filter((kind) => budget?.[kind] !== undefined);
  if (!budget || kinds.length === 0) return null;
  const used: Partial<Record<BudgetKind, number>> = {
    tokens: visits.reduce((sum, { used: { tokensIn, tokensOut } }) => sum + tokensIn + tokensOut, 0),
    cost: visits.reduce((sum, each) => sum + each.used.cost, 0),
    steps: run.steps,
  };
  function shown(kind: BudgetKind, value: number): string {
    return kind === 'cost' ? cost(value) : count(value, i18n.language);
  }
  return (
    <section>
      <h3 className="mb-1 text-sm font-semibold">{t('graphs.budget.title')}</h3>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-0.5 text-sm">
        {kinds.map((kind) => {
          const most = shown(kind, budget[kind] ?? 0);
          const spent = used[kind];
          return (
            <div key={kind} className="contents">
              <dt className="text-ink-2">{t(`graphs.budget.${kind}`)}</dt>
              <dd className="tabular">
                {spent === undefined ? most : t('graphs.budget.used', { used: shown(kind, spent), most })}
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}
