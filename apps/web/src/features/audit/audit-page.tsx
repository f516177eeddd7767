import { useNavigate, useSearch } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNow } from '../../lib/clock.ts';
import { toFailure } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { useSettled } from '../../lib/use-settled.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { Button, buttonClass } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { LoadMore } from '../../ui/table/load-more.tsx';
import { AuditDrawer } from './audit-drawer.tsx';
import { AuditFilters, type AuditChange } from './audit-filters.tsx';
import { AuditTable } from './audit-table.tsx';
import { RetentionButton } from './retention-dialog.tsx';
import { AuditSearch, exportUrl } from './search.ts';
import { useAudit, useEntry } from './use-audit.ts';

export function AuditPage() {
  const { t } = useTranslation();
  const { me } = useInstance();
  const search = useSearch({ from: '/audit' });
  const navigate = useNavigate({ from: '/audit' });
  const { entry: shownId, ...filter } = search;
  const settled = useSettled(JSON.stringify(filter));
  const now = useNow(300_000);
  const asked = JSON.parse(settled) as typeof filter;
  const { entries, searchedTo, query } = useAudit(asked, now);
  const linked = useEntry(shownId, entries);
  function change(next: AuditChange) {
    const cleaned = Object.fromEntries(Object.entries(next).map(([key, value]) => [key, value || undefined]));
    void navigate({ search: (old) => AuditSearch.parse({ ...old, ...cleaned }), replace: true });
  }
  const filtered = Object.values(filter).some((value) => value !== undefined);
  const everybody = me?.can.listUsers === true;
  return (
    <Page
      title={t('audit.title')}
      lead={t(everybody ? 'audit.lead' : 'audit.leadOwn')}
      actions={
        <>
          {me?.can.configureAudit && <RetentionButton />}
          {(['csv', 'jsonl'] as const).map((format) => (
            <a key={format} href={exportUrl(asked, now, format)} download className={buttonClass('secondary')}>
              <Download aria-hidden className="size-4" />
              {t(`audit.export.${format}`)}
            </a>
          ))}
        </>
      }
    >
      {linked.error && (
        <div className="mb-4">
          <Callout tone="warn" title={toFailure(linked.error).message} />
        </div>
      )}
      <Card flush>
        <AuditFilters search={search} onChange={change} />
        {query.isError && !entries ? (
          <div className="p-4">
            <LoadFailed title={t('audit.loadFailed')} error={query.error} onRetry={() => void query.refetch()} />
          </div>
        ) : (
          <AuditTable
            entries={entries}
            filtered={filtered}
            onShow={(entry) => change({ entry: entry.id })}
            emptyAction={
              filtered && <Button onClick={() => void navigate({ search: {} })}>{t('common.clearFilters')}</Button>
            }
          />
        )}
        <LoadMore query={query} searchedTo={searchedTo} />
      </Card>
      <AuditDrawer entry={linked.entry} onClose={() => change({ entry: undefined })} />
    </Page>
  );
}
