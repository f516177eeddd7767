import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { count, duration, percent } from '../../lib/format.ts';
import type { Outputs } from '../../lib/trpc.ts';
import { Empty } from '../../ui/feedback/empty.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { Segmented } from '../../ui/form/segmented.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { DataTable } from '../../ui/table/data-table.tsx';
import { columnsFor } from '../../ui/table/table-features.ts';
import type { TimeSearch } from './search.ts';
import { useTop } from './use-metrics.ts';

type Entry = Outputs['monitoring']['top']['slowest'][number];
const column = columnsFor<Entry>();

function useColumns(onPick: (value: string) => void) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  return useMemo(
    () =>
      column.columns([
        column.accessor('value', {
          header: t('monitoring.what'),
          cell: ({ getValue }) => (
            <button type="button" onClick={() => onPick(getValue())} className="text-left break-all hover:underline">
              {getValue()}
            </button>
          ),
        }),
        column.accessor('requests', {
          header: t('monitoring.calls'),
          meta: { className: 'tabular', align: 'end' },
          cell: ({ getValue }) => count(getValue(), language),
        }),
        column.display({
          id: 'failed',
          header: t('monitoring.failed'),
          meta: { className: 'tabular', align: 'end' },
          cell: ({ row: { original } }) =>
            original.requests === 0
              ? '–'
              : percent((original.errors + original.toolErrors) / original.requests, language),
        }),
        column.accessor('p95Ms', {
          header: t('monitoring.p95Short'),
          meta: { className: 'tabular', align: 'end' },
          cell: ({ getValue }) => {
            const ms = getValue();
            return ms === null ? '–' : duration(ms, language);
          },
        }),
      ]),
    [t, language, onPick],
  );
}

interface TopCardProps {
  order: 'slowest' | 'failing';
  time: TimeSearch;
  onPick: (by: 'tool' | 'server', value: string) => void;
}

/** The tools or servers that are slowest, or that fail most. */
export function TopCard({ order, time, onPick }: TopCardProps) {
  const { t } = useTranslation();
  const [by, setBy] = useState<'tool' | 'server'>('tool');
  const top = useTop(by, time);
  const columns = useColumns((value) => onPick(by, value));
  return (
    <Card
      flush
      title={t(`monitoring.${order}`)}
      actions={
        <Segmented
          small
          label={t('monitoring.of')}
          value={by}
          onChange={setBy}
          options={[
            { value: 'tool', label: t('monitoring.tools') },
            { value: 'server', label: t('common.servers') },
          ]}
        />
      }
    >
      {top.isError && !top.data ? (
        <div className="p-4">
          <LoadFailed title={t('monitoring.loadFailed')} error={top.error} onRetry={() => void top.refetch()} />
        </div>
      ) : (
        <DataTable
          label={t(`monitoring.${order}`)}
          columns={columns}
          data={top.data?.[order]}
          rowId={({ value }) => value}
          empty={<Empty title={t(order === 'failing' ? 'monitoring.nothingFailed' : 'monitoring.nothing')} />}
        />
      )}
    </Card>
  );
}
