import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { count } from '../../lib/format.ts';
import { useTRPC, type Outputs } from '../../lib/trpc.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Empty } from '../../ui/feedback/empty.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input } from '../../ui/form/input.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { DataTable } from '../../ui/table/data-table.tsx';
import { columnsFor } from '../../ui/table/table-features.ts';
import { Time } from '../../ui/text/time.tsx';

type Item = Outputs['conversations']['listOthers'][number];

const column = columnsFor<Item>();

function useColumns() {
  const { t, i18n } = useTranslation();
  return useMemo(
    () =>
      column.columns([
        column.accessor('title', {
          header: t('conversations.titleField'),
          cell: ({ row: { original } }) => (
            <span className="flex min-w-0 flex-wrap items-center gap-1.5">
              <Link
                to="/conversations/$id"
                params={{ id: original.id }}
                className="font-medium wrap-anywhere hover:underline"
              >
                {original.title || t('conversations.untitled')}
              </Link>
              {original.status === 'deleted' && <Badge>{t('conversations.folder.deleted')}</Badge>}
              {original.tags.map((tag) => (
                <Badge key={tag}>{tag}</Badge>
              ))}
            </span>
          ),
        }),
        column.accessor('ownerName', {
          header: t('conversations.others.owner'),
          cell: ({ getValue }) => getValue() ?? t('conversations.somebody'),
        }),
        column.accessor('rounds', {
          header: t('conversations.others.rounds'),
          meta: { align: 'end', className: 'hidden @md:table-cell' },
          cell: ({ getValue }) => <span className="tabular">{count(getValue(), i18n.language)}</span>,
        }),
        column.accessor('updatedAt', {
          header: t('conversations.others.updated'),
          meta: { className: 'hidden @lg:table-cell' },
          cell: ({ getValue }) => <Time value={getValue()} />,
        }),
      ]),
    [t, i18n.language],
  );
}

/** Conversations of others, for admins of a hub that lets them read these: each look is in the audit log. */
export function OthersPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const [owner, setOwner] = useState('');
  const [search, setSearch] = useState('');
  // Never asked for by itself: what is asked for is recorded.
  const list = useMutation(trpc.conversations.listOthers.mutationOptions());
  const columns = useColumns();
  function look() {
    const named = owner.trim();
    const words = search.trim();
    list.mutate({ ...(named !== '' && { owner: named }), ...(words !== '' && { search: words }) });
  }
  return (
    <Page title={t('conversations.others.title')} lead={t('conversations.others.lead')}>
      <Card flush>
        <form
          className="flex flex-wrap items-end gap-3 border-b border-line px-4 py-3"
          onSubmit={(event) => {
            event.preventDefault();
            look();
          }}
        >
          <Field label={t('conversations.others.owner')} className="w-full sm:w-56">
            <Input value={owner} onChange={(event) => setOwner(event.target.value)} />
          </Field>
          <Field label={t('conversations.others.words')} className="w-full sm:w-64">
            <Input value={search} onChange={(event) => setSearch(event.target.value)} />
          </Field>
          <Button type="submit" look="primary" busy={list.isPending}>
            {t('conversations.others.look')}
          </Button>
        </form>
        {list.isError && <LoadFailed title={t('conversations.listFailed')} error={list.error} onRetry={look} />}
        {list.isIdle && <Empty title={t('conversations.others.recorded')} />}
        {list.data && (
          <DataTable
            label={t('conversations.others.title')}
            columns={columns}
            data={list.data}
            rowId={({ id }) => id}
            empty={<Empty title={t('conversations.others.none')} />}
          />
        )}
      </Card>
    </Page>
  );
}
