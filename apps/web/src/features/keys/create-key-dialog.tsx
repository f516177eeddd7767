import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { snippet } from '../../lib/snippets.ts';
import { fieldMessage, toFailure, useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';
import { Code } from '../../ui/text/code.tsx';
import { CopyButton } from '../../ui/text/copy.tsx';
import { emptyDraft, toCreate } from './key-draft.ts';
import { KeyFields } from './key-fields.tsx';

function Created({ value }: { value: string }) {
  const { t } = useTranslation();
  const { endpoint } = useInstance();
  const ready = snippet('claude-code', { name: 'switchboard', url: endpoint(), key: value });
  return (
    <div className="flex flex-col gap-4">
      <Callout tone="warn" title={t('common.shownOnce')}>
        {t('keys.shownOnceHint')}
      </Callout>
      <div className="flex flex-wrap items-center gap-3 rounded-md border border-line bg-sunken p-3">
        <code className="min-w-0 flex-1 font-mono text-sm break-all" data-testid="new-key">
          {value}
        </code>
        <CopyButton text={value} />
      </div>
      <div>
        <p className="mb-1.5 text-sm font-medium">{t('keys.snippet')}</p>
        <Code wrap text={ready.text} label={t('keys.snippet')} />
      </div>
    </div>
  );
}

/** Makes a key and shows it, once. */
export function CreateKeyDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const formId = useId();
  const [draft, setDraft] = useState(emptyDraft);
  const create = useMutation(
    trpc.keys.create.mutationOptions({ onSuccess: () => queryClient.invalidateQueries(trpc.keys.list.pathFilter()) }),
  );
  const failure = create.error ? toFailure(create.error) : null;
  function close() {
    create.reset();
    setDraft(emptyDraft);
    onClose();
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate(toCreate(draft));
  }
  return (
    <Dialog
      open={open}
      onClose={close}
      title={create.data ? t('common.newKey') : t('keys.create')}
      footer={
        create.data ? (
          <Button look="primary" onClick={close}>
            {t('common.done')}
          </Button>
        ) : (
          <>
            <Button onClick={close}>{t('common.cancel')}</Button>
            <Button type="submit" form={formId} look="primary" busy={create.isPending}>
              {t('keys.createAction')}
            </Button>
          </>
        )
      }
    >
      {create.data ? (
        <Created value={create.data.key} />
      ) : (
        <form id={formId} onSubmit={submit} className="flex flex-col gap-4">
          <KeyFields isNew draft={draft} onChange={setDraft} failure={failure} />
          {failure && fieldMessage(failure, 'name') === null && <Callout alert tone="bad" title={failure.message} />}
        </form>
      )}
    </Dialog>
  );
}
