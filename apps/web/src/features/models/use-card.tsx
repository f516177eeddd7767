import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ChartColumn, ChevronLeft, ChevronRight } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNow } from '../../lib/clock.ts';
import { count } from '../../lib/format.ts';
import { useTRPC, type Outputs } from '../../lib/trpc.ts';
import { Empty } from '../../ui/feedback/empty.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { IconButton } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { DataTable } from '../../ui/table/data-table.tsx';
import { columnsFor } from '../../ui/table/table-features.ts';
import { monthAfter, monthAt, monthName } from './month.ts';
import { useAmounts } from './use-amounts.ts';

type Use = Outputs['models']['use'][number];
const column = columnsFor<Use>();

function useColumns() {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  const amount = useAmounts();
  return useMemo(() => {
    return column.columns([
      column.accessor('model', {
        header: t('models.name'),
        cell: ({ getValue }) => <span className="break-all">{getValue()}</span>,
      }),
      column.accessor('username', { header: t('models.by'), cell: ({ getValue }) => getValue() ?? '–' }),
      column.accessor('turns', {
        header: t('models.turns'),
        meta: { className: 'tabular hidden @md:table-cell' },
        cell: ({ getValue }) => count(getValue(), language),
      }),
      column.display({
        id: 'tokens',
        header: t('models.tokens'),
        meta: { className: 'tabular hidden @lg:table-cell' },
        cell: ({ row: { original } }) =>
          `${count(original.tokensIn, language)} / ${count(original.tokensOut, language)}`,
      }),
      column.accessor('cost', {
        header: t('models.cost'),
        meta: { className: 'tabular', align: 'end' },
        cell: ({ getValue }) => amount(getValue()),
      }),
    ]);
  }, [t, language, amount]);
}

interface MonthSwitchProps {
  month: string;
  latest: string;
  onChange: (month: string) => void;
}

function MonthSwitch({ month, latest, onChange }: MonthSwitchProps) {
  const { t, i18n } = useTranslation();
  return (
    <span className="flex items-center gap-1">
      <IconButton size="sm" label={t('models.monthBefore')} onClick={() => onChange(monthAfter(month, -1))}>
        <ChevronLeft aria-hidden className="size-4" />
      </IconButton>
      <span aria-live="polite" className="min-w-28 text-center text-sm text-ink-2 tabular">
        {monthName(month, i18n.language)}
      </span>
      <IconButton
        size="sm"
        label={t('models.monthAfter')}
        disabled={month >= latest}
        onClick={() => onChange(monthAfter(month, 1))}
      >
        <ChevronRight aria-hidden className="size-4" />
      </IconButton>
    </span>
  );
}

const dayMs = 86_400_000;

/** What was used of models in a month, by whom, and what it cost. */
export function UseCard() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { month: asked } = useSearch({ from: '/models/budgets' });
  const navigate = useNavigate({ from: '/models/budgets' });
  const latest = monthAt(useNow(dayMs));
  const month = asked ?? latest;
  const use = useQuery(trpc.models.use.queryOptions({ month }));
  const columns = useColumns();
  function choose(next: string) {
    const search = next === latest ? {} : { month: next };
    void navigate({ search, replace: true, resetScroll: false });
  }
  return (
    <Card flush title={t('models.usedIn')} actions={<MonthSwitch month={month} latest={latest} onChange={choose} />}>
      {use.isError && !use.data ? (
        <div className="p-4">
          <LoadFailed title={t('models.useFailed')} error={use.error} onRetry={() => void use.refetch()} />
        </div>
      ) : (
        <DataTable
          label={t('models.usedIn')}
          columns={columns}
          data={use.data}
          empty={<Empty icon={<ChartColumn />} title={t('models.usedNone')} />}
          rowId={(row) => `${row.modelId} ${row.userId}`}
        />
      )}
    </Card>
  );
}
