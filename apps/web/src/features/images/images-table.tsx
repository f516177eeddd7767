import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { MoreHorizontal, Play, Server, Tag, Trash2 } from 'lucide-react';
import { createContext, use, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Image } from '../../lib/api-types.ts';
import { shortId } from '../../lib/container-state.ts';
import { useEngineName } from '../../lib/engine-search.ts';
import { bytes, count } from '../../lib/format.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useConfirm } from '../../ui/feedback/confirm.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { IconButton } from '../../ui/form/button.tsx';
import { Menu, MenuItem, MenuLine } from '../../ui/layout/menu.tsx';
import { DataTable, type Sort } from '../../ui/table/data-table.tsx';
import { columnsFor } from '../../ui/table/table-features.ts';
import { Time } from '../../ui/text/time.tsx';
import { TagDialog } from './tag-dialog.tsx';

const column = columnsFor<Image>();
const TagContext = createContext<(image: Image) => void>(() => undefined);

function nameOf({ id, tags, digests }: Image) {
  return tags[0] ?? digests[0]?.split('@')[0] ?? shortId(id);
}

function NameCell({ image }: { image: Image }) {
  const { t } = useTranslation();
  const [first, ...more] = image.tags;
  return (
    <div className="min-w-0">
      <span className="block max-w-md truncate font-medium max-sm:max-w-52">
        {first ?? <span className="text-ink-3">{t('images.untagged')}</span>}
      </span>
      {more.map((tag) => (
        <span key={tag} className="block max-w-md truncate text-sm max-sm:max-w-52">
          {tag}
        </span>
      ))}
      <span className="block font-mono text-xs text-ink-3">{shortId(image.id)}</span>
    </div>
  );
}

function MenuCell({ image }: { image: Image }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const ask = useConfirm();
  const navigate = useNavigate();
  const engine = useEngineName();
  const onTag = use(TagContext);
  const name = nameOf(image);
  const remove = useMutation(
    trpc.images.remove.mutationOptions({
      onSuccess: () => toast.ok(t('images.removed', { name })),
      onError: (error) => toast.bad(t('images.removeFailed'), toFailure(error).message),
      onSettled: () => queryClient.invalidateQueries(trpc.images.pathFilter()),
    }),
  );
  async function askAndRemove() {
    const used = image.containers > 0;
    const yes = await ask({
      title: t('images.removeTitle', { name }),
      body: used ? t('images.removeUsed', { count: image.containers }) : t('images.removeBody'),
      action: t('images.removeAction'),
    });
    if (yes) remove.mutate({ engine, image: image.tags[0] ?? image.id, force: false });
  }
  const label = t('common.actionsOf', { name });
  return (
    <Menu
      label={label}
      trigger={
        <IconButton label={label} busy={remove.isPending}>
          <MoreHorizontal aria-hidden className="size-4" />
        </IconButton>
      }
    >
      <MenuItem
        icon={<Play />}
        onSelect={() => void navigate({ to: '/containers/new', search: { engine, image: image.tags[0] ?? image.id } })}
      >
        {t('images.run')}
      </MenuItem>
      <MenuItem
        icon={<Server />}
        onSelect={() => void navigate({ to: '/servers/new', search: { image: image.tags[0] ?? image.id } })}
      >
        {t('container.asServer')}
      </MenuItem>
      <MenuItem icon={<Tag />} onSelect={() => onTag(image)}>
        {t('images.tag')}
      </MenuItem>
      <MenuLine />
      <MenuItem danger icon={<Trash2 />} onSelect={() => void askAndRemove()}>
        {t('images.remove')}
      </MenuItem>
    </Menu>
  );
}

function useColumns() {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  return useMemo(
    () =>
      column.columns([
        column.accessor(nameOf, {
          id: 'name',
          header: t('common.name'),
          sortFn: 'text',
          cell: ({ row }) => <NameCell image={row.original} />,
        }),
        column.accessor('bytes', {
          id: 'size',
          header: t('images.size'),
          sortFn: 'basic',
          meta: { align: 'end', className: 'tabular whitespace-nowrap' },
          cell: ({ getValue }) => bytes(getValue(), language),
        }),
        column.accessor('containers', {
          id: 'used',
          header: t('common.containers'),
          sortFn: 'basic',
          meta: { align: 'end', className: 'tabular hidden @lg:table-cell' },
          cell: ({ getValue }) => count(Math.max(0, getValue()), language),
        }),
        column.accessor((image) => Date.parse(image.created), {
          id: 'created',
          header: t('images.made'),
          sortFn: 'basic',
          meta: { className: 'hidden @xl:table-cell' },
          cell: ({ row }) => <Time value={row.original.created} />,
        }),
        column.display({
          id: 'owner',
          header: t('common.owner'),
          meta: { className: 'hidden @3xl:table-cell' },
          cell: ({ row: { original } }) => original.ownerName ?? <span className="text-ink-3">–</span>,
        }),
        column.display({
          id: 'actions',
          header: () => <span className="sr-only">{t('common.actions')}</span>,
          meta: { align: 'end' },
          cell: ({ row }) => <MenuCell image={row.original} />,
        }),
      ]),
    [t, language],
  );
}

interface ImagesTableProps {
  images: Image[] | undefined;
  sort: Sort;
  onSort: (sort: Sort) => void;
  empty: ReactNode;
}

export function ImagesTable({ images, sort, onSort, empty }: ImagesTableProps) {
  const { t } = useTranslation();
  const [tagged, setTagged] = useState<Image | null>(null);
  return (
    <TagContext value={setTagged}>
      <DataTable
        label={t('common.images')}
        columns={useColumns()}
        data={images}
        rowId={({ id }) => id}
        sort={sort}
        onSort={onSort}
        empty={empty}
      />
      <TagDialog image={tagged} onClose={() => setTagged(null)} />
    </TagContext>
  );
}
