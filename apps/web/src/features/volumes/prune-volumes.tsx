import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useEngineName } from '../../lib/engine-search.ts';
import { bytes } from '../../lib/format.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { PruneDialog } from '../../ui/table/prune-dialog.tsx';

export function PruneVolumes({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const engine = useEngineName();
  const preview = useQuery(
    trpc.volumes.prunePreview.queryOptions({ engine }, { enabled: open, staleTime: 0, gcTime: 0 }),
  );
  const prune = useMutation(
    trpc.volumes.prune.mutationOptions({
      onSuccess: ({ removed, failed }) => {
        if (failed.length > 0) return;
        toast.ok(t('prune.done', { count: removed.length }));
        onClose();
      },
      onSettled: () => queryClient.invalidateQueries(trpc.volumes.pathFilter()),
    }),
  );
  const items = preview.data?.items;
  function size(value: number) {
    return bytes(value, i18n.language);
  }
  const failed = prune.data?.failed.map(({ message }) => message).join(' ') ?? '';
  return (
    <PruneDialog
      open={open}
      onClose={() => {
        prune.reset();
        onClose();
      }}
      title={t('volumes.prune')}
      lead={t('volumes.pruneLead')}
      items={items?.map(({ name, bytes: used }) => ({
        id: name,
        name,
        ...(used === null ? {} : { note: size(used) }),
      }))}
      error={preview.error}
      onRetry={() => void preview.refetch()}
      frees={preview.data && size(preview.data.bytes)}
      busy={prune.isPending}
      failure={prune.error ? toFailure(prune.error).message : failed === '' ? null : failed}
      onPrune={() => items && prune.mutate({ engine, names: items.map(({ name }) => name) })}
    />
  );
}
