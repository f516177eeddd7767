import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { createContext, use, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Server } from '../../lib/api-types.ts';
import { count } from '../../lib/format.ts';
import { tellReason } from '../../lib/reasons.ts';
import { stateOf, stateWords } from '../../lib/server-state.ts';
import { useTRPC, type Outputs } from '../../lib/trpc.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { NextRetry, ServerState } from '../../ui/feedback/server-state.tsx';
import { Sparkline } from '../../ui/output/sparkline.tsx';
import { DataTable, type Sort } from '../../ui/table/data-table.tsx';
import { columnsFor } from '../../ui/table/table-features.ts';
import { Time } from '../../ui/text/time.tsx';
import { ServerMenu } from './server-menu.tsx';
import { useServerActions, type ServerActions } from './use-server-actions.ts';

const column = columnsFor<Server>();
const trendsAgainMs = 60_000;

/** Given by context, so that the columns stay the same and no cell is built anew. */
const ActionsContext = createContext<ServerActions | null>(null);
const TrendsContext = createContext<Outputs['monitoring']['trends'] | undefined>(undefined);

function NameCell({ server }: { server: Server }) {
  const { t } = useTranslation();
  return (
    <div className="min-w-0">
      <Link
        to="/servers/$id"
        params={{ id: server.id }}
        className="block max-w-[18rem] truncate font-medium hover:underline max-sm:whitespace-normal"
      >
        {server.name}
      </Link>
      <span className="block max-w-[18rem] truncate font-mono text-xs text-ink-3 max-sm:break-all max-sm:whitespace-normal">
        {server.id}
      </span>
      {server.can.use && server.missingSlots.length > 0 && (
        <Link to="/servers/$id/credentials" params={{ id: server.id }}>
          <Badge tone="warn">{t('servers.slots.needed')}</Badge>
        </Link>
      )}
    </div>
  );
}

function StateCell({ server }: { server: Server }) {
  const { t } = useTranslation();
  const { error, errorReason } = server.status;
  const reason = server.desired === 'on' && error !== null ? tellReason(errorReason, error, t) : null;
  return (
    <div className="min-w-0">
      <ServerState server={server} />
      {reason !== null && (
        <p className="line-clamp-2 max-w-[20rem] text-xs wrap-anywhere text-ink-3 max-sm:line-clamp-4" title={reason}>
          {reason}
        </p>
      )}
      <NextRetry server={server} />
    </div>
  );
}

function TrendCell({ id }: { id: string }) {
  const { t, i18n } = useTranslation();
  const trends = use(TrendsContext);
  if (!trends) return null;
  const { calls = [], failed = [] } = trends.servers[id] ?? {};
  const [all, bad] = [calls, failed].map((line) => line.reduce((sum, value) => sum + value, 0));
  const text = t('servers.trend.text', {
    calls: count(all ?? 0, i18n.language),
    failed: count(bad ?? 0, i18n.language),
  });
  return (
    <span title={text}>
      <span className="sr-only">{text}</span>
      <Sparkline values={calls} amiss={failed} slots={24} />
    </span>
  );
}

function MenuCell({ server }: { server: Server }) {
  const actions = use(ActionsContext);
  return actions && <ServerMenu server={server} actions={actions} />;
}

function useColumns() {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  return useMemo(
    () =>
      column.columns([
        column.accessor('name', {
          header: t('common.name'),
          sortFn: 'text',
          cell: ({ row }) => <NameCell server={row.original} />,
        }),
        column.accessor((server) => stateWords.indexOf(stateOf(server)), {
          id: 'state',
          header: t('common.state'),
          sortFn: 'basic',
          cell: ({ row }) => <StateCell server={row.original} />,
        }),
        column.accessor('kind', {
          header: t('servers.kind'),
          sortFn: 'text',
          meta: { className: 'hidden @3xl:table-cell' },
          cell: ({ getValue }) => <Badge mono>{getValue()}</Badge>,
        }),
        column.accessor((server) => server.status.toolCount, {
          id: 'tools',
          header: t('servers.tools'),
          sortFn: 'basic',
          meta: { align: 'end', className: 'tabular hidden @lg:table-cell' },
          cell: ({ getValue }) => count(getValue(), language),
        }),
        column.accessor((server) => server.calls.count, {
          id: 'calls',
          header: t('servers.callsLastHour'),
          sortFn: 'basic',
          meta: { align: 'end', className: 'tabular hidden @5xl:table-cell' },
          cell: ({ getValue }) => count(getValue(), language),
        }),
        column.display({
          id: 'trend',
          header: t('servers.trend.title'),
          meta: { className: 'hidden @4xl:table-cell' },
          cell: ({ row }) => <TrendCell id={row.original.id} />,
        }),
        column.accessor((server) => server.status.lastActivityAt ?? 0, {
          id: 'activity',
          header: t('servers.lastActivity'),
          sortFn: 'basic',
          meta: { className: 'hidden @2xl:table-cell' },
          cell: ({ row }) => <Time value={row.original.status.lastActivityAt} none={t('common.never')} />,
        }),
        column.display({
          id: 'actions',
          header: () => <span className="sr-only">{t('common.actions')}</span>,
          meta: { align: 'end' },
          cell: ({ row }) => <MenuCell server={row.original} />,
        }),
      ]),
    [t, language],
  );
}

interface ServersTableProps {
  servers: Server[] | undefined;
  sort: Sort;
  onSort: (sort: Sort) => void;
  empty: ReactNode;
}

export function ServersTable({ servers, sort, onSort, empty }: ServersTableProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const actions = useServerActions();
  const columns = useColumns();
  const trpc = useTRPC();
  const { data: trends } = useQuery(trpc.monitoring.trends.queryOptions(undefined, { refetchInterval: trendsAgainMs }));
  return (
    <ActionsContext value={actions}>
      <TrendsContext value={trends}>
        <DataTable
          label={t('common.servers')}
          columns={columns}
          data={servers}
          rowId={(server) => server.id}
          sort={sort}
          onSort={onSort}
          onRow={(server) => void navigate({ to: '/servers/$id', params: { id: server.id } })}
          empty={empty}
        />
      </TrendsContext>
    </ActionsContext>
  );
}
