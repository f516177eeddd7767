import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC, type Inputs } from '../../lib/trpc.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { useApp } from './app-context.ts';
import type { App } from './types.ts';

/** Saves a part of the app of this page. */
export function useSaving(onSaved: (app: App) => void) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const app = useApp();
  const update = useMutation(
    trpc.apps.update.mutationOptions({
      onSuccess: async (next) => {
        queryClient.setQueryData(trpc.apps.get.queryKey({ id: next.id }), next);
        onSaved(next);
        toast.ok(t('common.saved'));
        await queryClient.invalidateQueries(trpc.apps.list.pathFilter());
      },
    }),
  );
  return {
    busy: update.isPending,
    failure: update.error ? toFailure(update.error) : null,
    forget: () => update.reset(),
    save: (patch: Inputs['apps']['update']['patch']) => update.mutate({ id: app.id, patch }),
  };
}
