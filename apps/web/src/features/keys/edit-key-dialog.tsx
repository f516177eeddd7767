import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiKey } from '../../lib/api-types.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';
import { toDraft, toUpdate } from './key-draft.ts';
import { KeyFields } from './key-fields.tsx';

function EditForm({ id, apiKey, onDone }: { id: string; apiKey: ApiKey; onDone: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [draft, setDraft] = useState(() => toDraft(apiKey));
  const update = useMutation(
    trpc.keys.update.mutationOptions({
      onSuccess: () => {
        toast.ok(t('common.saved'));
        onDone();
        return queryClient.invalidateQueries(trpc.keys.list.pathFilter());
      },
    }),
  );
  const failure = update.error ? toFailure(update.error) : null;
  function submit(event: FormEvent) {
    event.preventDefault();
    update.mutate(toUpdate(apiKey.id, draft));
  }
  return (
    <form id={id} onSubmit={submit} noValidate className="flex flex-col gap-4">
      <KeyFields isNew={false} draft={draft} onChange={setDraft} failure={failure} />
      {failure && <Callout alert tone="bad" title={failure.message} />}
    </form>
  );
}

/** Changes what a key may; the key itself stays the same. */
export function EditKeyDialog({ apiKey, onClose }: { apiKey: ApiKey | null; onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <Dialog
      open={apiKey !== null}
      onClose={onClose}
      shape="right"
      title={apiKey?.name ?? ''}
      subtitle={apiKey && <code className="font-mono">{apiKey.prefix}…</code>}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" form={id} look="primary">
            {t('common.saveChanges')}
          </Button>
        </>
      }
    >
      {apiKey && <EditForm key={apiKey.id} id={id} apiKey={apiKey} onDone={onClose} />}
    </Dialog>
  );
}
