import { useTranslation } from 'react-i18next';
import { shareOf, toneOf, type Budget } from './budget-draft.ts';
import { useAmounts } from './use-amounts.ts';

const fills = {
  ok: '[&::-moz-progress-bar]:bg-accent [&::-webkit-progress-value]:bg-accent',
  warn: '[&::-moz-progress-bar]:bg-warn [&::-webkit-progress-value]:bg-warn',
  bad: '[&::-moz-progress-bar]:bg-bad [&::-webkit-progress-value]:bg-bad',
} as const;

/** How much of a budget is used in the day or month that goes on. */
export function Spent({ budget }: { budget: Budget }) {
  const { t } = useTranslation();
  const amount = useAmounts();
  const tone = toneOf(budget);
  const words = t(`models.budgets.spent.${budget.measure}`, {
    spent: amount(budget.spent),
    most: amount(budget.most),
  });
  return (
    <div className="flex min-w-24 flex-col gap-1">
      <span className="text-xs @md:hidden">{t(`models.budgets.per.${budget.period}`)}</span>
      <progress
        aria-label={words}
        value={shareOf(budget)}
        max={1}
        className={`h-1.5 w-full max-w-56 overflow-hidden rounded-full [&::-webkit-progress-bar]:bg-sunken ${fills[tone]}`}
      />
      <span className={`text-xs tabular ${tone === 'bad' ? 'font-medium text-bad' : 'text-ink-3'}`}>
        {words}
        {tone === 'bad' && ` · ${t(`models.budgets.again.${budget.period}`)}`}
      </span>
    </div>
  );
}
