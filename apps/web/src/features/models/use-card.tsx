import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { count } from '../../lib/format.ts';
import { useTRPC, type Outputs } from '../../lib/trpc.ts';
import { Card } from '../../ui/card.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { columnsFor } from '../../ui/table-features.ts';

type Use = Outputs['models']['use'][number];
const column = columnsFor<Use>();

function useColumns() {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  return useMemo(() => {
    const amounts = new Intl.NumberFormat(language, { maximumFractionDigits: 4 });
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
        cell: ({ getValue }) => amounts.format(getValue()),
      }),
    ]);
  }, [t, language]);
}

/** What models cost this month, and for whom; absent while nothing was used. */
export function UseCard() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const use = useQuery(trpc.models.use.queryOptions({}));
  const columns = useColumns();
  if (!use.data || use.data.length === 0) return null;
  return (
    <Card flush title={t('models.thisMonth')}>
      <DataTable
        label={t('models.thisMonth')}
        columns={columns}
        data={use.data}
        empty={null}
        rowId={(row) => `${row.modelId} ${row.userId}`}
      />
    </Card>
  );
}
