import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { callOutcomes } from '@switchboard/core/calls/schema';
import type { CallRecord } from '../../lib/api-types.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { useSettled } from '../../lib/use-settled.ts';
import { Button } from '../../ui/form/button.tsx';
import { Input, SearchInput } from '../../ui/form/input.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { CallerFilters } from '../../ui/table/caller-filters.tsx';
import { FilterSelect } from '../../ui/table/filter-select.tsx';
import { TimeFilter } from '../../ui/table/time-filter.tsx';
import { CallDrawer } from './call-drawer.tsx';
import { CallsList } from './calls-list.tsx';
import { CallsSearch, spans } from './search.ts';
import { useCalls } from './use-calls.ts';

function Filters({
  search,
  onChange,
}: {
  search: CallsSearch;
  onChange: (change: { [Key in keyof CallsSearch]?: string | undefined }) => void;
}) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const servers = useQuery(trpc.servers.list.queryOptions({ limit: 1000, sort: 'name' }));
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-3">
      <SearchInput
        className="w-full sm:w-60"
        label={t('calls.search')}
        value={search.q ?? ''}
        onChange={(q) => onChange({ q })}
      />
      <FilterSelect
        label={t('common.server')}
        any={t('calls.anyServer')}
        value={search.server}
        options={servers.data?.items.map(({ id, name }) => ({ value: id, text: name })) ?? []}
        onChange={(server) => onChange({ server })}
      />
      <CallerFilters search={search} onChange={onChange} />
      <Input
        mono
        className="h-8! min-w-32 flex-1 text-sm! sm:w-40 sm:flex-none"
        aria-label={t('calls.tool')}
        placeholder={t('calls.tool')}
        value={search.tool ?? ''}
        onChange={(event) => onChange({ tool: event.target.value })}
      />
      {search.request !== undefined && (
        <Input
          mono
          className="h-8! min-w-32 flex-1 text-sm! sm:w-80 sm:flex-none"
          aria-label={t('call.requestId')}
          value={search.request}
          onChange={(event) => onChange({ request: event.target.value })}
        />
      )}
      <FilterSelect
        label={t('call.outcome')}
        any={t('calls.anyOutcome')}
        value={search.outcome}
        options={callOutcomes.map((outcome) => ({ value: outcome, text: t(`outcome.${outcome}`) }))}
        onChange={(outcome) => onChange({ outcome })}
      />
      <TimeFilter spans={spans} span={search.span} from={search.from} to={search.to} onChange={onChange} />
    </div>
  );
}

/** Opens the call of a request that made one, once; closed, it stays in the list. */
function useOpenOnly(
  { request, call }: CallsSearch,
  calls: readonly CallRecord[] | undefined,
  open: (call: CallRecord) => void,
): void {
  const opened = useRef<string | undefined>(undefined);
  const only = calls?.length === 1 ? calls[0] : undefined;
  useEffect(() => {
    if (only === undefined || request === opened.current || only.requestId !== request) return;
    opened.current = request;
    if (call === undefined) open(only);
  }, [request, call, only, open]);
}

export function CallsPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: '/calls' });
  const navigate = useNavigate({ from: '/calls' });
  const { call: shownId, ...filter } = search;
  const settled = useSettled(JSON.stringify(filter));
  const list = useCalls(JSON.parse(settled) as typeof filter);
  function change(next: { [Key in keyof CallsSearch]?: string | undefined }) {
    const cleaned = Object.fromEntries(
      Object.entries(next).map(([key, value]) => [key, value === '' ? undefined : value]),
    );
    void navigate({ search: (old) => CallsSearch.parse({ ...old, ...cleaned }), replace: true });
  }
  const show = useCallback(
    (call: CallRecord) => void navigate({ search: (old) => ({ ...old, call: call.id }) }),
    [navigate],
  );
  useOpenOnly(search, list.calls, show);
  const filtered = Object.values(filter).some((value) => value !== undefined);
  return (
    <Page title={t('calls.title')} lead={t('calls.lead')}>
      <Card flush>
        <Filters search={search} onChange={change} />
        <CallsList
          of={list}
          filtered={filtered}
          onShow={show}
          emptyAction={
            filtered && <Button onClick={() => void navigate({ search: {} })}>{t('common.clearFilters')}</Button>
          }
        />
      </Card>
      <CallDrawer
        id={shownId}
        known={list.calls?.find((call) => call.id === shownId)}
        onClose={() => change({ call: undefined })}
      />
    </Page>
  );
}
