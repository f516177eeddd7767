import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { FormDialog } from '../../ui/form/form-dialog.tsx';
import { NameField } from './name-field.tsx';
import type { GraphItem } from './types.ts';

/** Another name for a graph. */
export function RenameDialog({ graph, onClose }: { graph: GraphItem; onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [name, setName] = useState(graph.name);
  const rename = useMutation(
    trpc.graphs.rename.mutationOptions({
      onSuccess: onClose,
      onSettled: () => queryClient.invalidateQueries(trpc.graphs.pathFilter()),
    }),
  );
  return (
    <FormDialog
      open
      onClose={onClose}
      title={t('graphs.rename.title', { name: graph.name })}
      action={t('graphs.rename.action')}
      busy={rename.isPending}
      incomplete={name.trim() === ''}
      problem={rename.error && toFailure(rename.error).message}
      onSubmit={() => rename.mutate({ id: graph.id, name: name.trim() })}
    >
      <NameField value={name} onChange={setName} hint={t('graphs.rename.hint')} />
    </FormDialog>
  );
}
