import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { ListFilter, Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Server } from '../../lib/api-types.ts';
import { isProblem, stateOf, stateWords } from '../../lib/server-state.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Empty } from '../../ui/feedback/empty.tsx';
import { Button, buttonClass } from '../../ui/form/button.tsx';
import { SearchInput, Select } from '../../ui/form/input.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { ServersSearch } from './search.ts';
import { ServersTable } from './servers-table.tsx';
import { TwoDoors } from './two-doors.tsx';

function matches(server: Server, { q = '', state, kind }: ServersSearch): boolean {
  const word = stateOf(server);
  if (state === 'problems' ? !isProblem(word) : state !== undefined && state !== word) return false;
  if (kind !== undefined && server.kind !== kind) return false;
  const text = [server.name, server.id, server.description, server.url, server.command, ...server.tags]
    .join(' ')
    .toLowerCase();
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function Filters({ search, onChange }: { search: ServersSearch; onChange: (change: Partial<ServersSearch>) => void }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-3">
      <SearchInput
        className="w-full sm:w-64"
        label={t('servers.search')}
        value={search.q ?? ''}
        onChange={(q) => onChange({ q: q === '' ? undefined : q })}
      />
      <Select
        compact
        className="min-w-32 flex-1 sm:flex-none"
        aria-label={t('common.state')}
        value={search.state ?? ''}
        onChange={(event) =>
          onChange(ServersSearch.pick({ state: true }).parse({ state: event.target.value || undefined }))
        }
      >
        <option value="">{t('common.anyState')}</option>
        <option value="problems">{t('servers.problems')}</option>
        {stateWords.map((state) => (
          <option key={state} value={state}>
            {t(`state.${state}`)}
          </option>
        ))}
      </Select>
      <Select
        compact
        className="min-w-32 flex-1 sm:flex-none"
        aria-label={t('servers.kind')}
        value={search.kind ?? ''}
        onChange={(event) =>
          onChange(ServersSearch.pick({ kind: true }).parse({ kind: event.target.value || undefined }))
        }
      >
        <option value="">{t('servers.anyKind')}</option>
        <option value="stdio">stdio</option>
        <option value="container">container</option>
        <option value="streamable-http">streamable-http</option>
        <option value="sse">sse</option>
      </Select>
    </div>
  );
}

export function ServersPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const search = useSearch({ from: '/servers' });
  const navigate = useNavigate({ from: '/servers' });
  const servers = useQuery(trpc.servers.list.queryOptions({ limit: 1000 }));
  const shown = servers.data?.items.filter((server) => matches(server, search));
  function change(next: Partial<ServersSearch>) {
    void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  }
  const nothingYet = servers.data?.total === 0;
  const { me } = useInstance();
  return (
    <Page
      title={t('common.servers')}
      lead={t('servers.lead')}
      actions={
        me?.can.createServer && (
          <>
            <Link to="/servers/new" search={{ from: 'config' }} className={buttonClass('secondary')}>
              {t('servers.pasteConfig')}
            </Link>
            <Link to="/servers/new" className={buttonClass('primary')}>
              <Plus aria-hidden className="size-4" />
              {t('servers.add')}
            </Link>
          </>
        )
      }
    >
      {servers.isError && (
        <Callout
          tone="bad"
          title={t('common.serversFailed')}
          actions={
            <Button size="sm" onClick={() => void servers.refetch()}>
              {t('common.retry')}
            </Button>
          }
        >
          {toFailure(servers.error).message}
        </Callout>
      )}
      {nothingYet && <TwoDoors />}
      {!nothingYet && !(servers.isError && !servers.data) && (
        <Card flush>
          <Filters search={search} onChange={change} />
          <ServersTable
            servers={shown}
            sort={{ by: search.sort ?? 'name', order: search.order ?? 'asc' }}
            onSort={({ by, order }) => change({ ...ServersSearch.pick({ sort: true }).parse({ sort: by }), order })}
            empty={
              <Empty
                icon={<ListFilter />}
                title={t('servers.noMatch')}
                actions={<Button onClick={() => void navigate({ search: {} })}>{t('common.clearFilters')}</Button>}
              />
            }
          />
        </Card>
      )}
      {servers.data !== undefined && !nothingYet && (
        <p role="status" className="mt-3 text-sm text-ink-3">
          {t('servers.shown', { shown: shown?.length ?? 0, count: servers.data.total })}
        </p>
      )}
    </Page>
  );
}
