import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngineName } from '../../lib/engine-search.ts';
import { fieldMessage, toFailure, useTRPC } from '../../lib/trpc.ts';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { SwitchRow } from '../../ui/switch.tsx';
import { useToast } from '../../ui/toast.tsx';

const empty = { name: '', subnet: '', internal: false };

export function NewNetworkDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const engine = useEngineName();
  const id = useId();
  const [draft, setDraft] = useState(empty);
  const close = () => {
    create.reset();
    setDraft(empty);
    onClose();
  };
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
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { name, subnet, internal } = draft;
    create.mutate({ engine, name: name.trim(), internal, ...(subnet.trim() === '' ? {} : { subnet: subnet.trim() }) });
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={t('networks.add')}
      footer={
        <>
          <Button onClick={close}>{t('common.cancel')}</Button>
          <Button type="submit" form={id} look="primary" busy={create.isPending} disabled={draft.name.trim() === ''}>
            {t('networks.create')}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field required label={t('networks.name')} error={fieldMessage(failure, 'name')}>
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
        {failure && (
          <Callout alert tone="bad" title={t('form.refused')}>
            {failure.message}
          </Callout>
        )}
      </form>
    </Dialog>
  );
}
