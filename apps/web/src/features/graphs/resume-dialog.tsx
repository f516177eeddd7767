import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { FormDialog } from '../../ui/form/form-dialog.tsx';
import { BudgetFields } from './budget-fields.tsx';
import { budgetKinds, budgetOf, draftOf, isAmount } from './run-budget.ts';
import type { RunDetail } from './types.ts';

/** Asks what a run may use in all, and goes on with it. */
export function ResumeDialog({ run, onClose }: { run: RunDetail; onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(run.budget));
  const resume = useMutation(
    trpc.graphs.runs.resume.mutationOptions({
      onSuccess: onClose,
      onSettled: () => queryClient.invalidateQueries(trpc.graphs.runs.pathFilter()),
    }),
  );
  return (
    <FormDialog
      open
      onClose={onClose}
      title={t('graphs.budget.resume')}
      action={t('graphs.run.resume')}
      busy={resume.isPending}
      incomplete={!budgetKinds.every((kind) => isAmount(kind, draft[kind]))}
      problem={resume.error && toFailure(resume.error).message}
      onSubmit={() => resume.mutate({ runId: run.id, budget: budgetOf(draft) })}
    >
      <BudgetFields draft={draft} onChange={setDraft} />
    </FormDialog>
  );
}
