import { useMutation, useQueryClient } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiKey } from '../../lib/api-types.ts';
import { useNow } from '../../lib/clock.ts';
import { exactDay } from '../../lib/format.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { useConfirm } from '../../ui/feedback/confirm.tsx';
import { Empty } from '../../ui/feedback/empty.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { DataTable } from '../../ui/table/data-table.tsx';
import { columnsFor } from '../../ui/table/table-features.ts';
import { useLatest } from '../../ui/table/use-latest.ts';
import { Time } from '../../ui/text/time.tsx';
import { EditKeyDialog } from './edit-key-dialog.tsx';
import { isBound } from './key-draft.ts';

const column = columnsFor<ApiKey>();

function useRevoke() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const confirm = useConfirm();
  const revoke = useMutation(
    trpc.keys.revoke.mutationOptions({
      onSuccess: () => toast.ok(t('keys.revoked')),
      onError: (error) => toast.bad(t('keys.revokeFailed'), toFailure(error).message),
      onSettled: () => queryClient.invalidateQueries(trpc.keys.list.pathFilter()),
    }),
  );
  async function ask(key: ApiKey) {
    const yes = await confirm({
      title: t('keys.revokeTitle', { name: key.name }),
      body: t('keys.revokeBody', { prefix: key.prefix }),
      action: t('keys.revoke'),
    });
    if (yes) revoke.mutate({ id: key.id });
  }
  return useLatest((key: ApiKey) => void ask(key));
}

function Scope({ of: key }: { of: ApiKey }) {
  const { t } = useTranslation();
  if (!isBound(key)) return <span className="text-ink-3">{t('keys.unbound')}</span>;
  const places = [key.endpoints, key.groups, key.servers, key.tools, key.resources].flatMap((list) => list ?? []);
  const kinds = key.scopes.includes('*') ? [] : key.scopes;
  return (
    <span className="flex max-w-[16rem] flex-wrap gap-1">
      {kinds.map((scope) => (
        <Badge key={scope} tone="accent" mono>
          {scope}
        </Badge>
      ))}
      {[...new Set(places)].slice(0, 4).map((place) => (
        <Badge key={place} mono>
          {place}
        </Badge>
      ))}
      {places.length > 4 && <span className="text-xs text-ink-3">+{places.length - 4}</span>}
    </span>
  );
}

/** That a key has ended by itself: it opens nothing any more. */
function Expired({ at }: { at: ApiKey['expiresAt'] }) {
  const { t } = useTranslation();
  const now = useNow(30_000);
  if (at === null || new Date(at).getTime() > now) return null;
  return <Badge tone="bad">{t('keys.expired')}</Badge>;
}

/** The day a key ends, and how far that is. */
function Expiry({ at }: { at: ApiKey['expiresAt'] }) {
  const { t, i18n } = useTranslation();
  if (at === null) return <span className="text-ink-3">{t('keys.noExpiry')}</span>;
  return (
    <div>
      <span className="block whitespace-nowrap">{exactDay(new Date(at).getTime(), i18n.language)}</span>
      <span className="block text-xs text-ink-3">
        <Time value={at} />
      </span>
    </div>
  );
}

function useColumns(onEdit: (key: ApiKey) => void, withOwner: boolean) {
  const { t } = useTranslation();
  const revoke = useRevoke();
  return useMemo(
    () =>
      column.columns([
        column.accessor('name', {
          header: t('common.name'),
          cell: ({ row: { original: key } }) => (
            <div>
              <span className="flex flex-wrap items-center gap-x-2">
                <button type="button" onClick={() => onEdit(key)} className="text-left font-medium hover:underline">
                  {key.name}
                </button>
                <Expired at={key.expiresAt} />
              </span>
              <span className="block text-xs text-ink-3">
                <code className="font-mono">{key.prefix}…</code>
                {withOwner && ` · ${key.username}`}
              </span>
            </div>
          ),
        }),
        column.display({
          id: 'scope',
          header: t('keys.scope'),
          meta: { className: 'hidden @md:table-cell' },
          cell: ({ row }) => <Scope of={row.original} />,
        }),
        column.accessor('lastUsedAt', {
          header: t('keys.lastUsed'),
          meta: { className: 'hidden @lg:table-cell' },
          cell: ({ getValue }) => <Time value={getValue()} none={t('common.never')} />,
        }),
        column.accessor('expiresAt', {
          header: t('keys.expires'),
          meta: { className: 'hidden @2xl:table-cell' },
          cell: ({ getValue }) => <Expiry at={getValue()} />,
        }),
        column.accessor('createdAt', {
          header: t('common.created'),
          meta: { className: 'hidden @3xl:table-cell' },
          cell: ({ getValue }) => <Time value={getValue()} />,
        }),
        column.display({
          id: 'actions',
          header: () => <span className="sr-only">{t('common.actions')}</span>,
          meta: { align: 'end' },
          cell: ({ row: { original: key } }) => (
            <Button
              size="sm"
              look="ghost"
              className="text-bad!"
              aria-label={t('keys.revokeOf', { name: key.name })}
              onClick={() => revoke(key)}
            >
              {t('keys.revoke')}
            </Button>
          ),
        }),
      ]),
    [t, revoke, onEdit, withOwner],
  );
}

interface KeysTableProps {
  keys: ApiKey[] | undefined;
  onCreate: () => void;
  withOwner: boolean;
}

export function KeysTable({ keys, onCreate, withOwner }: KeysTableProps) {
  const { t } = useTranslation();
  const [edited, setEdited] = useState<ApiKey | null>(null);
  const columns = useColumns(setEdited, withOwner);
  return (
    <>
      <DataTable
        label={t('keys.title')}
        columns={columns}
        data={keys}
        rowId={(key) => key.id}
        empty={
          <Empty
            icon={<KeyRound />}
            title={t('keys.none')}
            actions={<Button onClick={onCreate}>{t('keys.create')}</Button>}
          >
            {t('keys.noneHint')}
          </Empty>
        }
      />
      <EditKeyDialog apiKey={edited} onClose={() => setEdited(null)} />
    </>
  );
}
