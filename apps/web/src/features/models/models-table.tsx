import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Sparkles } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { duration } from '../../lib/format.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Empty } from '../../ui/feedback/empty.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { DataTable } from '../../ui/table/data-table.tsx';
import { RemoveButton } from '../../ui/table/remove-button.tsx';
import { columnsFor } from '../../ui/table/table-features.ts';
import type { Model } from './model-draft.ts';

const column = columnsFor<Model>();

/** Tries a model; what came of it is told at the edge of the page. */
function TestButton({ model }: { model: Model }) {
  const { t, i18n } = useTranslation();
  const trpc = useTRPC();
  const toast = useToast();
  const test = useMutation(
    trpc.models.test.mutationOptions({
      onSuccess: (result) => {
        if (!result.ok) return toast.bad(t('models.testFailed'), result.message);
        const first = result.firstTokenMs === null ? '–' : duration(result.firstTokenMs, i18n.language);
        toast.ok(t('models.testPassed', { first, total: duration(result.totalMs, i18n.language) }));
      },
      onError: (error) => toast.bad(t('models.testFailed'), toFailure(error).message),
    }),
  );
  return (
    <Button
      size="sm"
      busy={test.isPending}
      aria-label={t('models.testOf', { name: model.name })}
      onClick={() => test.mutate({ id: model.id })}
    >
      {t('models.test')}
    </Button>
  );
}

function RemoveModel({ model }: { model: Model }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const remove = useMutation(
    trpc.models.remove.mutationOptions({
      onSuccess: ({ name }) => toast.ok(t('common.deleted', { name })),
      onError: (error) => toast.bad(t('common.actionFailed'), toFailure(error).message),
      onSettled: () => queryClient.invalidateQueries(trpc.models.pathFilter()),
    }),
  );
  const title = t('common.deleteOf', { name: model.name });
  return (
    <RemoveButton
      label={title}
      busy={remove.isPending}
      question={{ title, body: t('models.removeBody'), action: t('common.deleteIt') }}
      onRemove={() => remove.mutate({ id: model.id })}
    />
  );
}

function NameCell({ model, onEdit }: { model: Model; onEdit: (model: Model) => void }) {
  const { t } = useTranslation();
  return (
    <div className="min-w-0">
      <span className="flex flex-wrap items-center gap-x-2">
        {model.can.configure ? (
          <button
            type="button"
            onClick={() => onEdit(model)}
            className="text-left font-medium break-all hover:underline"
          >
            {model.name}
          </button>
        ) : (
          <span className="font-medium break-all">{model.name}</span>
        )}
        {model.builtIn && <Badge tone="accent">{t('models.builtIn')}</Badge>}
      </span>
      <span className="block text-xs wrap-anywhere text-ink-3">
        {model.builtIn ? t('models.demoHint') : model.baseUrl}
      </span>
    </div>
  );
}

function useColumns(onEdit: (model: Model) => void) {
  const { t, i18n } = useTranslation();
  return useMemo(() => {
    const amounts = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 4 });
    function price(value: number | null) {
      return value === null ? '–' : amounts.format(value);
    }
    return column.columns([
      column.accessor('name', {
        header: t('common.name'),
        cell: ({ row }) => <NameCell model={row.original} onEdit={onEdit} />,
      }),
      column.display({
        id: 'abilities',
        header: t('models.abilities'),
        meta: { className: 'hidden @2xl:table-cell' },
        cell: ({
          row: {
            original: { abilities },
          },
        }) => (
          <span className="flex flex-wrap gap-1">
            {(['tools', 'images', 'reasoning'] as const)
              .filter((ability) => abilities[ability])
              .map((ability) => (
                <Badge key={ability}>{t(`models.ability.${ability}`)}</Badge>
              ))}
          </span>
        ),
      }),
      column.display({
        id: 'price',
        header: t('models.price'),
        meta: { className: 'hidden tabular @xl:table-cell' },
        cell: ({
          row: {
            original: { priceIn, priceOut },
          },
        }) => `${price(priceIn)} / ${price(priceOut)}`,
      }),
      column.accessor('visibility', {
        header: t('models.visibility'),
        meta: { className: 'hidden @lg:table-cell' },
        cell: ({ getValue }) => t(`models.seenBy.${getValue()}`),
      }),
      column.display({
        id: 'actions',
        header: () => <span className="sr-only">{t('common.actions')}</span>,
        meta: { align: 'end' },
        cell: ({ row: { original: model } }) => (
          <span className="flex items-center justify-end gap-1">
            {model.can.use && <TestButton model={model} />}
            {model.can.configure && <RemoveModel model={model} />}
          </span>
        ),
      }),
    ]);
  }, [t, i18n.language, onEdit]);
}

export function ModelsTable({ models, onEdit }: { models: Model[] | undefined; onEdit: (model: Model) => void }) {
  const { t } = useTranslation();
  const columns = useColumns(onEdit);
  return (
    <DataTable
      label={t('models.title')}
      columns={columns}
      data={models}
      rowId={({ id }) => id}
      empty={<Empty icon={<Sparkles />} title={t('models.none')} />}
    />
  );
}
