import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Field } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Textarea } from '../../ui/input.tsx';
import type { GraphItem } from './types.ts';

interface RunDialogProps {
  graph: Pick<GraphItem, 'id' | 'name'>;
  /** What it begins with, for example what a run before it was given. */
  input: string;
  onClose: () => void;
}

/** Asks what a graph is given, and begins a run. */
export function RunDialog({ graph, input: before, onClose }: RunDialogProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [input, setInput] = useState(before);
  const start = useMutation(
    trpc.graphs.runs.start.mutationOptions({
      onSuccess: async ({ runId }) => {
        onClose();
        await queryClient.invalidateQueries(trpc.graphs.runs.list.pathFilter());
        await navigate({ to: '/graphs/$id/runs/$run', params: { id: graph.id, run: runId } });
      },
    }),
  );
  return (
    <FormDialog
      open
      onClose={onClose}
      title={t('graphs.run.title', { name: graph.name })}
      action={t('graphs.run.action')}
      busy={start.isPending}
      incomplete={input.trim() === ''}
      problem={start.error && toFailure(start.error).message}
      onSubmit={() => start.mutate({ id: graph.id, input })}
    >
      <Field required label={t('graphs.run.input')} hint={t('graphs.run.inputHint')}>
        <Textarea data-autofocus rows={6} value={input} onChange={(event) => setInput(event.target.value)} />
      </Field>
    </FormDialog>
  );
}
