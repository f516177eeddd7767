import { Link, useNavigate } from '@tanstack/react-router';
import { createContext, use, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Stack } from '../../lib/api-types.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Button } from '../../ui/form/button.tsx';
import { DataTable } from '../../ui/table/data-table.tsx';
import { columnsFor } from '../../ui/table/table-features.ts';
import { Time } from '../../ui/text/time.tsx';
import { LastResult } from './last-result.tsx';
import { StackState } from './stack-state.tsx';

const column = columnsFor<Stack>();
const AdoptContext = createContext<(stack: Stack) => void>(() => undefined);
const mostShown = 5;

function NameCell({ stack: { id, project, path, folder } }: { stack: Stack }) {
  return (
    <div className="min-w-0">
      {id === null ? (
        <span className="block max-w-[16rem] truncate font-medium max-sm:max-w-40">{project}</span>
      ) : (
        <Link
          to="/stacks/$id"
          params={{ id }}
          className="block max-w-[16rem] truncate font-medium hover:underline max-sm:max-w-40"
        >
          {project}
        </Link>
      )}
      <span className="block max-w-[16rem] truncate font-mono text-xs text-ink-3 max-sm:max-w-40">
        {path ?? folder ?? ''}
      </span>
    </div>
  );
}

function ServicesCell({ stack: { services } }: { stack: Stack }) {
  return (
    <span className="flex max-w-72 flex-wrap gap-1">
      {services.slice(0, mostShown).map(({ name, running }) => (
        <Badge key={name} tone={running ? 'ok' : 'neutral'}>
          {name}
        </Badge>
      ))}
      {services.length > mostShown && <span className="text-xs text-ink-3">+{services.length - mostShown}</span>}
    </span>
  );
}

function AdoptCell({ stack }: { stack: Stack }) {
  const { t } = useTranslation();
  const adopt = use(AdoptContext);
  if (stack.id !== null) return null;
  return (
    <Button size="sm" aria-label={t('stacks.adoptOf', { name: stack.project })} onClick={() => adopt(stack)}>
      {t('stacks.adopt')}
    </Button>
  );
}

function useColumns() {
  const { t } = useTranslation();
  return useMemo(
    () =>
      column.columns([
        column.accessor('project', {
          header: t('common.name'),
          cell: ({ row }) => <NameCell stack={row.original} />,
        }),
        column.display({
          id: 'state',
          header: t('common.state'),
          cell: ({ row }) => <StackState stack={row.original} />,
        }),
        column.display({
          id: 'services',
          header: t('stacks.services'),
          meta: { className: 'hidden @lg:table-cell' },
          cell: ({ row }) => <ServicesCell stack={row.original} />,
        }),
        column.display({
          id: 'last',
          header: t('stacks.lastRun'),
          meta: { className: 'hidden @3xl:table-cell' },
          cell: ({ row: { original } }) => <LastResult result={original.lastResult} />,
        }),
        column.display({
          id: 'deployed',
          header: t('stacks.deployed'),
          meta: { className: 'hidden @2xl:table-cell' },
          cell: ({ row }) => <Time value={row.original.deployedAt} />,
        }),
        column.display({
          id: 'owner',
          header: t('common.owner'),
          meta: { className: 'hidden @4xl:table-cell' },
          cell: ({ row: { original } }) => original.ownerName ?? <span className="text-ink-3">–</span>,
        }),
        column.display({
          id: 'actions',
          header: () => <span className="sr-only">{t('common.actions')}</span>,
          meta: { align: 'end' },
          cell: ({ row }) => <AdoptCell stack={row.original} />,
        }),
      ]),
    [t],
  );
}

interface StacksTableProps {
  label: string;
  stacks: Stack[] | undefined;
  onAdopt: (stack: Stack) => void;
  empty: ReactNode;
}

export function StacksTable({ label, stacks, onAdopt, empty }: StacksTableProps) {
  const navigate = useNavigate();
  return (
    <AdoptContext value={onAdopt}>
      <DataTable
        label={label}
        columns={useColumns()}
        data={stacks}
        rowId={({ id, project }) => id ?? project}
        onRow={({ id }) => id !== null && void navigate({ to: '/stacks/$id', params: { id } })}
        empty={empty}
      />
    </AdoptContext>
  );
}
