import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';
import { emptyDraft, toCreate } from './group-draft.ts';
import { GroupFields } from './group-fields.tsx';

/** Makes a group and goes there. */
export function NewGroupDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const id = useId();
  const [draft, setDraft] = useState(emptyDraft);
  function close() {
    create.reset();
    setDraft(emptyDraft);
    onClose();
  }
  const create = useMutation(
    trpc.groups.create.mutationOptions({
      onSuccess: async (group) => {
        toast.ok(t('groups.created', { name: group.displayName }));
        close();
        await queryClient.invalidateQueries(trpc.groups.list.pathFilter());
        await navigate({ to: '/groups/$id', params: { id: group.id } });
      },
    }),
  );
  const failure = create.error ? toFailure(create.error) : null;
  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate(toCreate(draft));
  }
  return (
    <Dialog
      open={open}
      onClose={close}
      shape="right"
      title={t('groups.add')}
      footer={
        <>
          <Button onClick={close}>{t('common.cancel')}</Button>
          <Button type="submit" form={id} look="primary" busy={create.isPending}>
            {t('groups.create')}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} noValidate className="flex flex-col gap-5">
        <GroupFields movable draft={draft} onChange={setDraft} failure={failure} />
        {failure && (
          <Callout alert tone="bad" title={t('common.refused')}>
            {failure.message}
          </Callout>
        )}
      </form>
    </Dialog>
  );
}
