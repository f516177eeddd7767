import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngineName } from '../../lib/engine-search.ts';
import { fieldMessage, toFailure, useTRPC } from '../../lib/trpc.ts';
import { useRun } from '../../lib/use-run.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input, SecretInput } from '../../ui/form/input.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';
import { Disclosure } from '../../ui/layout/disclosure.tsx';
import { RunOutput } from '../../ui/output/run-output.tsx';

const empty = { image: '', username: '', password: '' };

/** Asks for an image and shows how its layers come. It goes on where the dialog is closed. */
export function PullDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const engine = useEngineName();
  const id = useId();
  const [draft, setDraft] = useState(empty);
  const pull = useMutation(trpc.images.pull.mutationOptions());
  const run = useRun(pull.data?.id ?? null, () => void queryClient.invalidateQueries(trpc.images.pathFilter()));
  const failure = pull.error ? toFailure(pull.error) : null;
  function close() {
    pull.reset();
    setDraft(empty);
    onClose();
  }
  const going = pull.data !== undefined && run.end === null && run.lost === null;
  function submit(event: FormEvent) {
    event.preventDefault();
    const { username, password } = draft;
    pull.mutate({ engine, image: draft.image.trim(), ...(username === '' ? {} : { login: { username, password } }) });
  }
  return (
    <Dialog
      open={open}
      onClose={close}
      title={t('images.pull')}
      footer={
        <>
          <Button onClick={close}>{t(pull.data ? 'common.close' : 'common.cancel')}</Button>
          <Button
            type="submit"
            form={id}
            look="primary"
            busy={pull.isPending || going}
            disabled={draft.image.trim() === ''}
          >
            {t('images.pullAction')}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field label={t('container.image')} hint={t('container.imageHint')} error={fieldMessage(failure, 'image')}>
          <Input
            mono
            data-autofocus
            placeholder="nginx:1.29"
            value={draft.image}
            onChange={(event) => setDraft({ ...draft, image: event.target.value })}
          />
        </Field>
        <Disclosure title={t('images.login')}>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t('common.username')}>
              <Input
                value={draft.username}
                onChange={(event) => setDraft({ ...draft, username: event.target.value })}
              />
            </Field>
            <Field label={t('common.password')} hint={t('images.loginHint')}>
              <SecretInput
                autoComplete="new-password"
                value={draft.password}
                onChange={(event) => setDraft({ ...draft, password: event.target.value })}
              />
            </Field>
          </div>
        </Disclosure>
        {failure && (
          <Callout alert tone="bad" title={t('common.refused')}>
            {failure.message}
          </Callout>
        )}
        {pull.data && <RunOutput title={pull.data.subject} run={run} />}
      </form>
    </Dialog>
  );
}
