import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useEngineName } from '../../lib/engine-search.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { PruneDialog } from '../../ui/table/prune-dialog.tsx';

export function PruneNetworks({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const engine = useEngineName();
  const preview = useQuery(
    trpc.networks.prunePreview.queryOptions({ engine }, { enabled: open, staleTime: 0, gcTime: 0 }),
  );
  const prune = useMutation(
    trpc.networks.prune.mutationOptions({
      onSuccess: ({ removed, failed }) => {
        if (failed.length > 0) return;
        toast.ok(t('prune.done', { count: removed.length }));
        onClose();
      },
      onSettled: () => queryClient.invalidateQueries(trpc.networks.pathFilter()),
    }),
  );
  const items = preview.data?.items;
  const failed = prune.data?.failed.map(({ message }) => message).join(' ') ?? '';
  return (
    <PruneDialog
      open={open}
      onClose={() => {
        prune.reset();
        onClose();
      }}
      title={t('networks.prune')}
      lead={t('networks.pruneLead')}
      items={items?.map(({ id, name, driver }) => ({ id, name, note: driver }))}
      error={preview.error}
      onRetry={() => void preview.refetch()}
      busy={prune.isPending}
      failure={prune.error ? toFailure(prune.error).message : failed === '' ? null : failed}
      onPrune={() => items && prune.mutate({ engine, ids: items.map(({ id }) => id) })}
    />
  );
}
