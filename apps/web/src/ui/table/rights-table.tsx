import { Link } from '@tanstack/react-router';
import { Check, Minus } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Explanation } from '../../lib/api-types.ts';
import { DataTable } from './data-table.tsx';
import { columnsFor } from './table-features.ts';

const column = columnsFor<Explanation>();
const rights = ['read', 'execute', 'write', 'reveal'] as const;

function Mark({ yes }: { yes: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      {yes ? <Check aria-hidden className="size-4 text-ok" /> : <Minus aria-hidden className="size-4 text-ink-3" />}
      <span className="sr-only">{t(yes ? 'common.yes' : 'common.no')}</span>
    </>
  );
}

function Hindered({ by }: { by: Explanation['but'][number] }) {
  const { t } = useTranslation();
  switch (by.what) {
    case 'server_off':
      return t(`rights.but.server_${by.desired}`);
    case 'group_gives_less':
      return t('rights.but.group_gives_less', {
        group: by.group,
        lost: by.lost.map((right) => t(`permission.${right}`)).join(', '),
      });
    case 'group_without_tools':
      return t('rights.but.group_without_tools', { group: by.group });
    default:
      return t(`rights.but.${by.what}`);
  }
}

function Why({ of }: { of: Explanation }) {
  const { t } = useTranslation();
  return (
    <ul className="flex flex-col gap-0.5 text-sm text-ink-2">
      {of.because.map((reason) => (
        <li key={`${reason.by} ${reason.group} ${reason.through}`}>
          {reason.by !== 'group' && t(`rights.by.${reason.by}`)}
          {reason.by === 'group' &&
            (reason.through === null || reason.through === reason.group
              ? t('rights.by.group', { group: reason.group })
              : t('rights.by.parent', { group: reason.group, through: reason.through }))}
          {reason.gives.length > 0 && (
            <span className="text-ink-3"> ({reason.gives.map((right) => t(`permission.${right}`)).join(', ')})</span>
          )}
        </li>
      ))}
      {of.tools !== null && (
        <li className="text-ink-3">
          {t(`rights.tools.${of.tools.mode}`, { names: of.tools.names.join(', ') || t('rights.noTools') })}
        </li>
      )}
      {of.but.map((hindrance) => (
        <li key={JSON.stringify(hindrance)} className="text-warn">
          <Hindered by={hindrance} />
        </li>
      ))}
      {of.because.length === 0 && of.but.length === 0 && <li className="text-ink-3">{t('rights.nothing')}</li>}
    </ul>
  );
}

function ServerCell({ of }: { of: Explanation }) {
  return (
    <div className="min-w-0">
      <Link
        to="/servers/$id"
        params={{ id: of.serverId }}
        className="block max-w-[12rem] truncate font-medium hover:underline"
      >
        {of.serverName}
      </Link>
      <div className="mt-1 @2xl:hidden">
        <Why of={of} />
      </div>
    </div>
  );
}

function useColumns() {
  const { t } = useTranslation();
  return useMemo(
    () =>
      column.columns([
        column.accessor('serverName', {
          header: t('common.server'),
          cell: ({ row }) => <ServerCell of={row.original} />,
        }),
        ...rights.map((right) =>
          column.accessor(right, {
            header: t(`rights.right.${right}`),
            meta: { className: right === 'reveal' ? 'hidden @lg:table-cell' : '' },
            cell: ({ getValue }) => <Mark yes={getValue()} />,
          }),
        ),
        column.display({
          id: 'why',
          header: t('rights.why'),
          meta: { className: 'hidden @2xl:table-cell' },
          cell: ({ row }) => <Why of={row.original} />,
        }),
      ]),
    [t],
  );
}

/** What somebody may do at each server, and what that comes from. */
export function RightsTable({
  label,
  servers,
  empty,
}: {
  label: string;
  servers: readonly Explanation[] | undefined;
  empty: ReactNode;
}) {
  const columns = useColumns();
  return <DataTable label={label} columns={columns} data={servers} rowId={(each) => each.serverId} empty={empty} />;
}
