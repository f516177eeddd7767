import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldMessage, toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input } from '../../ui/form/input.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';
import { CopyButton } from '../../ui/text/copy.tsx';
import { AppsPicker } from './apps-picker.tsx';

function Created({ token }: { token: string }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-4">
      <Callout tone="warn" title={t('common.shownOnce')}>
        {t('apps.token.onceHint')}
      </Callout>
      <div className="flex flex-wrap items-center gap-3 rounded-md border border-line bg-sunken p-3">
        <code className="min-w-0 flex-1 font-mono text-sm break-all" data-testid="new-token">
          {token}
        </code>
        <CopyButton text={token} />
      </div>
    </div>
  );
}

/** Makes a token and shows it, once. */
export function NewTokenDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const formId = useId();
  const [description, setDescription] = useState('');
  const [apps, setApps] = useState<string[]>([]);
  const create = useMutation(
    trpc.apps.tokens.create.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.apps.tokens.pathFilter()),
    }),
  );
  const failure = create.error ? toFailure(create.error) : null;
  const isMade = create.data !== undefined;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(isMade ? 'apps.token.made' : 'apps.token.create')}
      footer={
        isMade ? (
          <Button look="primary" onClick={onClose}>
            {t('common.done')}
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>{t('common.cancel')}</Button>
            <Button type="submit" form={formId} look="primary" busy={create.isPending}>
              {t('apps.token.createIt')}
            </Button>
          </>
        )
      }
    >
      {create.data ? (
        <Created token={create.data.token} />
      ) : (
        <form
          id={formId}
          noValidate
          className="flex flex-col gap-4"
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            create.mutate({ description: description.trim(), apps });
          }}
        >
          <Field
            label={t('common.description')}
            hint={t('apps.token.descriptionHint')}
            error={fieldMessage(failure, 'description')}
          >
            <Input data-autofocus value={description} onChange={(event) => setDescription(event.target.value)} />
          </Field>
          <section aria-label={t('apps.token.apps')}>
            <h3 className="mb-2 text-sm font-semibold">{t('apps.token.apps')}</h3>
            <AppsPicker value={apps} onChange={setApps} error={fieldMessage(failure, 'apps')} />
          </section>
          {failure && <Callout alert tone="bad" title={failure.message} />}
        </form>
      )}
    </Dialog>
  );
}
