import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';
import { emptyDraft, readBody, toCreate, toDraft, type Model } from './model-draft.ts';
import { ModelFields } from './model-fields.tsx';
import { TestResult } from './test-result.tsx';

function useSaving(stored: Model | null, onSaved: () => void) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const settled = {
    onSuccess: async (model: Model) => {
      toast.ok(t('models.saved', { name: model.name }));
      onSaved();
      await queryClient.invalidateQueries(trpc.models.pathFilter());
    },
  };
  const create = useMutation(trpc.models.create.mutationOptions(settled));
  const update = useMutation(trpc.models.update.mutationOptions(settled));
  const { error, isPending } = stored ? update : create;
  return { create, update, isPending, failure: error ? toFailure(error) : null };
}

/** Adds a model, or changes one; it can be tried before it is stored. */
export function ModelDialog({ stored, onClose }: { stored: Model | null; onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const id = useId();
  const [draft, setDraft] = useState(stored ? toDraft(stored) : emptyDraft);
  const { create, update, isPending, failure } = useSaving(stored, onClose);
  const test = useMutation(trpc.models.testDraft.mutationOptions());
  const given = toCreate(draft, stored?.options);
  const isWhole = given.name !== '' && given.baseUrl !== '' && readBody(draft.extraBody) !== null;
  function submit(event: FormEvent) {
    event.preventDefault();
    if (stored) update.mutate({ id: stored.id, patch: given });
    else create.mutate(given);
  }
  return (
    <Dialog
      open
      onClose={onClose}
      shape="right"
      title={stored ? stored.name : t('models.add')}
      footer={
        <>
          <Button
            disabled={given.baseUrl === ''}
            busy={test.isPending}
            onClick={() => test.mutate({ draft: given, ...(stored && { existingId: stored.id }) })}
          >
            {t('models.test')}
          </Button>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" form={id} look="primary" disabled={!isWhole} busy={isPending}>
            {stored ? t('common.saveChanges') : t('models.create')}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} noValidate className="flex flex-col gap-5">
        <ModelFields draft={draft} onChange={setDraft} failure={failure} stored={stored} />
        {test.data && <TestResult result={test.data} />}
        {test.error && <Callout alert tone="bad" title={toFailure(test.error).message} />}
        {failure && (
          <Callout alert tone="bad" title={t('common.refused')}>
            {failure.message}
          </Callout>
        )}
      </form>
    </Dialog>
  );
}
