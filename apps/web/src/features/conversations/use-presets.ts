import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { forgetKeptHere, readKeptHere } from './settings.ts';

/** What the person kept under names. What the browser kept before the hub did is carried over, once. */
export function usePresets() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const presets = useQuery(trpc.conversations.presets.queryOptions());
  const told = {
    onError: (error: unknown) => toast.bad(t('common.actionFailed'), toFailure(error).message),
    onSettled: () => queryClient.invalidateQueries(trpc.conversations.presets.pathFilter()),
  };
  const keep = useMutation(trpc.conversations.keepPresets.mutationOptions(told));
  const forget = useMutation(trpc.conversations.forgetPreset.mutationOptions(told));
  const isCarried = useRef(false);
  const { isSuccess } = presets;
  const { mutate } = keep;
  useEffect(() => {
    if (!isSuccess || isCarried.current) return;
    isCarried.current = true;
    const kept = readKeptHere();
    if (kept.length > 0) mutate({ presets: kept, onlyNew: true }, { onSuccess: forgetKeptHere });
  }, [isSuccess, mutate]);
  return {
    presets: presets.data ?? [],
    isBusy: presets.isPending || keep.isPending || forget.isPending,
    keep: (preset: (typeof keep.variables & object)['presets'][number]) => keep.mutate({ presets: [preset] }),
    forget: (name: string) => forget.mutate({ name }),
  };
}
