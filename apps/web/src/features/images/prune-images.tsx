import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { shortId } from '../../lib/container-state.ts';
import { useEngineName } from '../../lib/engine-search.ts';
import { bytes } from '../../lib/format.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { SwitchRow } from '../../ui/form/switch.tsx';
import { PruneDialog } from '../../ui/table/prune-dialog.tsx';

export function PruneImages({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const engine = useEngineName();
  const [all, setAll] = useState(false);
  const preview = useQuery(
    trpc.images.prunePreview.queryOptions({ engine, all }, { enabled: open, staleTime: 0, gcTime: 0 }),
  );
  const prune = useMutation(
    trpc.images.prune.mutationOptions({
      onSuccess: ({ removed, failed }) => {
        if (failed.length === 0) {
          toast.ok(t('prune.done', { count: removed.length }));
          onClose();
        }
      },
      onSettled: () => queryClient.invalidateQueries(trpc.images.pathFilter()),
    }),
  );
  function size(value: number) {
    return bytes(value, i18n.language);
  }
  const items = preview.data?.items;
  const failure = prune.error
    ? toFailure(prune.error).message
    : (prune.data?.failed.map(({ message }) => message).join(' ') ?? '');
  return (
    <PruneDialog
      open={open}
      onClose={() => {
        prune.reset();
        onClose();
      }}
      title={t('images.prune')}
      lead={t('images.pruneLead')}
      items={items?.map((image) => ({
        id: image.id,
        name: image.tags.join(', ') || shortId(image.id),
        note: size(image.bytes),
      }))}
      error={preview.error}
      onRetry={() => void preview.refetch()}
      frees={preview.data && size(preview.data.bytes)}
      busy={prune.isPending}
      failure={failure === '' ? null : failure}
      onPrune={() => items && prune.mutate({ engine, ids: items.map(({ id }) => id) })}
    >
      <SwitchRow label={t('images.pruneAll')} hint={t('images.pruneAllHint')} checked={all} onChange={setAll} />
    </PruneDialog>
  );
}
