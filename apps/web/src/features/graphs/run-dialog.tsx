import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Field } from '../../ui/form/field.tsx';
import { FormDialog } from '../../ui/form/form-dialog.tsx';
import { Textarea } from '../../ui/form/input.tsx';
import { Disclosure } from '../../ui/layout/disclosure.tsx';
import { BudgetFields } from './budget-fields.tsx';
import { budgetKinds, budgetOf, draftOf, isAmount, type RunBudget } from './run-budget.ts';
import type { GraphItem } from './types.ts';

interface RunDialogProps {
  graph: Pick<GraphItem, 'id' | 'name'>;
  /** What it begins with, for example what a run before it was given. */
  input: string;
  budget?: RunBudget | null;
  onClose: () => void;
}

/** Asks what a graph is given, and begins a run. */
export function RunDialog({ graph, input: before, budget: had = null, onClose }: RunDialogProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [input, setInput] = useState(before);
  const [draft, setDraft] = useState(() => draftOf(had));
  const budget = budgetOf(draft);
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
      incomplete={input.trim() === '' || !budgetKinds.every((kind) => isAmount(kind, draft[kind]))}
      problem={start.error && toFailure(start.error).message}
      onSubmit={() => start.mutate({ id: graph.id, input, ...(Object.keys(budget).length > 0 && { budget }) })}
    >
      <Field required label={t('graphs.run.input')} hint={t('graphs.run.inputHint')}>
        <Textarea data-autofocus rows={6} value={input} onChange={(event) => setInput(event.target.value)} />
      </Field>
      <Disclosure title={t('graphs.budget.title')} open={had !== null}>
        <BudgetFields draft={draft} onChange={setDraft} />
      </Disclosure>
    </FormDialog>
  );
}
