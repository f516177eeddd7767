import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC, type Outputs } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';
import { CopyButton } from '../../ui/text/copy.tsx';
import { emptyDraft, toCreate } from './user-draft.ts';
import { UserFields } from './user-fields.tsx';

function Created({ user }: { user: Outputs['users']['create'] }) {
  const { t } = useTranslation();
  if (user.generatedPassword === null) return <Callout tone="ok" title={t('users.created', { name: user.username })} />;
  return (
    <div className="flex flex-col gap-4">
      <Callout tone="warn" title={t('common.shownOnce')}>
        {t('users.generatedHint', { name: user.username })}
      </Callout>
      <div className="flex flex-wrap items-center gap-3 rounded-md border border-line bg-sunken p-3">
        <code className="min-w-0 flex-1 font-mono text-sm break-all" data-testid="new-password">
          {user.generatedPassword}
        </code>
        <CopyButton text={user.generatedPassword} />
      </div>
    </div>
  );
}

/** Makes an account; a password that the hub made is shown once. */
export function NewUserDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const id = useId();
  const [draft, setDraft] = useState(emptyDraft);
  const create = useMutation(
    trpc.users.create.mutationOptions({
      onSuccess: () =>
        Promise.all([
          queryClient.invalidateQueries(trpc.users.list.pathFilter()),
          queryClient.invalidateQueries(trpc.groups.pathFilter()),
        ]),
    }),
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
      shape={create.data ? 'center' : 'right'}
      title={create.data ? t('users.created', { name: create.data.username }) : t('users.add')}
      footer={
        create.data ? (
          <Button look="primary" onClick={close}>
            {t('common.done')}
          </Button>
        ) : (
          <>
            <Button onClick={close}>{t('common.cancel')}</Button>
            <Button type="submit" form={id} look="primary" busy={create.isPending}>
              {t('users.create')}
            </Button>
          </>
        )
      }
    >
      {create.data ? (
        <Created user={create.data} />
      ) : (
        <form id={id} onSubmit={submit} noValidate className="flex flex-col gap-5">
          <UserFields isNew draft={draft} onChange={setDraft} failure={failure} />
          {failure && (
            <Callout alert tone="bad" title={t('common.refused')}>
              {failure.message}
            </Callout>
          )}
        </form>
      )}
    </Dialog>
  );
}
