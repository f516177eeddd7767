import { useQuery } from '@tanstack/react-query';
import { ListFilter } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { Empty } from '../../ui/feedback/empty.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { SkeletonRows } from '../../ui/feedback/skeleton.tsx';
import { SearchInput } from '../../ui/form/input.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { AccessTable } from './access-table.tsx';
import { useRightsInWords } from './use-rights-in-words.ts';

/** The table of rights, as the hub decides by it. */
export function AccessPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const [query, setQuery] = useState('');
  const rights = useQuery(trpc.access.rights.queryOptions());
  const inWords = useRightsInWords(rights.data ?? []);
  const wanted = query.trim().toLowerCase();
  const shown = inWords.filter(({ text }) => text.includes(wanted));
  return (
    <Page title={t('common.accessTable')} lead={t('access.lead')}>
      {rights.isError && !rights.data ? (
        <LoadFailed title={t('access.loadFailed')} error={rights.error} onRetry={() => void rights.refetch()} />
      ) : (
        <Card flush>
          <div className="flex flex-wrap items-center justify-between gap-3 border-b border-line px-4 py-3">
            <SearchInput className="w-full sm:w-64" label={t('access.search')} value={query} onChange={setQuery} />
            {rights.data && (
              <p role="status" className="text-sm text-ink-3">
                {t('access.shown', { count: shown.length })}
              </p>
            )}
          </div>
          {!rights.data && <SkeletonRows rows={8} className="h-12" />}
          {rights.data && shown.length === 0 && <Empty icon={<ListFilter />} title={t('access.noneFits')} />}
          {shown.length > 0 && <AccessTable rights={shown} />}
        </Card>
      )}
    </Page>
  );
}
