import { Gauge } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../../lib/trpc.ts';
import { Empty } from '../../ui/feedback/empty.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { DataTable } from '../../ui/table/data-table.tsx';
import { RemoveButton } from '../../ui/table/remove-button.tsx';
import { columnsFor } from '../../ui/table/table-features.ts';
import type { Budget } from './budget-draft.ts';
import { Spent } from './spent.tsx';
import { useBudgetActions } from './use-budget-actions.ts';

const column = columnsFor<Budget>();

/** What a budget is called: whose it is, and over which time. */
export function useBudgetName(): (budget: Budget) => string {
  const { t } = useTranslation();
  return ({ keyId, keyName, username, period, measure }) => {
    const whose = keyId === null ? username : keyName;
    return t(`models.budgets.name.${period}.${measure}`, { whose: whose ?? '–' });
  };
}

function Whose({ budget: { keyId, keyName, username } }: { budget: Budget }) {
  const { t } = useTranslation();
  return (
    <div className="min-w-20">
      <span className="font-medium wrap-anywhere">{(keyId === null ? username : keyName) ?? '–'}</span>
      <span className="block text-xs text-ink-3">
        {keyId === null ? t('models.budgets.ofUser') : t('models.budgets.keyOf', { name: username ?? '–' })}
      </span>
    </div>
  );
}

function Actions({ budget, onChange }: { budget: Budget; onChange: (budget: Budget) => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const { change } = useBudgetActions();
  const name = useBudgetName()(budget);
  const title = t('models.budgets.removeOf', { name });
  return (
    <span className="flex items-center justify-end gap-1">
      <Button size="sm" aria-label={t('models.budgets.changeOf', { name })} onClick={() => onChange(budget)}>
        {t('models.budgets.change')}
      </Button>
      <RemoveButton
        label={title}
        busy={change.isPending}
        question={{ title, body: t('models.budgets.removeBody'), action: t('common.remove') }}
        onRemove={() =>
          change.mutate(
            { budget, most: null },
            { onError: (error) => toast.bad(t('common.actionFailed'), toFailure(error).message) },
          )
        }
      />
    </span>
  );
}

interface BudgetsTableProps {
  budgets: readonly Budget[] | undefined;
  /** The actor says what people may use, not only what its keys may. */
  ofPeople: boolean;
  onChange: (budget: Budget) => void;
}

function useColumns({ ofPeople, onChange }: Omit<BudgetsTableProps, 'budgets'>) {
  const { t } = useTranslation();
  return useMemo(
    () =>
      column.columns([
        column.display({
          id: 'whose',
          header: t('models.budgets.of'),
          cell: ({ row }) => <Whose budget={row.original} />,
        }),
        column.display({
          id: 'bound',
          header: t('models.budgets.period'),
          meta: { className: 'hidden @md:table-cell' },
          cell: ({ row: { original } }) => t(`models.budgets.per.${original.period}`),
        }),
        column.display({
          id: 'spent',
          header: t('models.budgets.used'),
          cell: ({ row }) => <Spent budget={row.original} />,
        }),
        column.display({
          id: 'actions',
          header: () => <span className="sr-only">{t('common.actions')}</span>,
          meta: { align: 'end' },
          cell: ({ row: { original } }) =>
            ofPeople || original.keyId !== null ? (
              <Actions budget={original} onChange={onChange} />
            ) : (
              <span className="text-xs text-ink-3">{t('models.budgets.onlyAdmins')}</span>
            ),
        }),
      ]),
    [t, ofPeople, onChange],
  );
}

export function BudgetsTable({ budgets, ...rest }: BudgetsTableProps) {
  const { t } = useTranslation();
  const columns = useColumns(rest);
  return (
    <DataTable
      label={t('models.budgets.list')}
      columns={columns}
      data={budgets}
      rowId={({ id }) => id}
      empty={
        <Empty icon={<Gauge />} title={t('models.budgets.none')}>
          {t('models.budgets.noneHint')}
        </Empty>
      }
    />
  );
}
