import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngineName } from '../../lib/engine-search.ts';
import { fieldMessage, toFailure, useTRPC } from '../../lib/trpc.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Field } from '../../ui/form/field.tsx';
import { FormDialog } from '../../ui/form/form-dialog.tsx';
import { Input } from '../../ui/form/input.tsx';
import { SwitchRow } from '../../ui/form/switch.tsx';

const empty = { name: '', subnet: '', internal: false };

export function NewNetworkDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const engine = useEngineName();
  const [draft, setDraft] = useState(empty);
  function close() {
    create.reset();
    setDraft(empty);
    onClose();
  }
  const create = useMutation(
    trpc.networks.create.mutationOptions({
      onSuccess: async ({ name }) => {
        toast.ok(t('networks.created', { name }));
        close();
        await queryClient.invalidateQueries(trpc.networks.pathFilter());
      },
    }),
  );
  const failure = create.error ? toFailure(create.error) : null;
  function submit() {
    const { name, subnet, internal } = draft;
    create.mutate({ engine, name: name.trim(), internal, ...(subnet.trim() === '' ? {} : { subnet: subnet.trim() }) });
  }
  return (
    <FormDialog
      open={open}
      onClose={close}
      title={t('networks.add')}
      action={t('networks.create')}
      busy={create.isPending}
      incomplete={draft.name.trim() === ''}
      problem={failure?.message ?? null}
      onSubmit={submit}
    >
      <Field required label={t('common.name')} error={fieldMessage(failure, 'name')}>
        <Input
          mono
          data-autofocus
          value={draft.name}
          onChange={(event) => setDraft({ ...draft, name: event.target.value })}
        />
      </Field>
      <Field
        label={t('networks.subnet')}
        note={t('common.optional')}
        hint={t('networks.subnetHint')}
        error={fieldMessage(failure, 'subnet')}
      >
        <Input
          mono
          placeholder="10.20.0.0/24"
          value={draft.subnet}
          onChange={(event) => setDraft({ ...draft, subnet: event.target.value })}
        />
      </Field>
      <SwitchRow
        label={t('networks.internal')}
        hint={t('networks.internalHint')}
        checked={draft.internal}
        onChange={(internal) => setDraft({ ...draft, internal })}
      />
    </FormDialog>
  );
}
