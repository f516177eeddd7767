import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngineName } from '../../lib/engine-search.ts';
import { fieldMessage, toFailure, useTRPC } from '../../lib/trpc.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Field } from '../../ui/form/field.tsx';
import { FormDialog } from '../../ui/form/form-dialog.tsx';
import { Input } from '../../ui/form/input.tsx';
import { fromPairs, PairsEditor, type Pair } from '../../ui/form/pairs-editor.tsx';

interface Draft {
  name: string;
  driver: string;
  labels: Pair[];
}

const empty: Draft = { name: '', driver: '', labels: [] };

export function NewVolumeDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
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
    trpc.volumes.create.mutationOptions({
      onSuccess: async ({ name }) => {
        toast.ok(t('volumes.created', { name }));
        close();
        await queryClient.invalidateQueries(trpc.volumes.pathFilter());
      },
    }),
  );
  const failure = create.error ? toFailure(create.error) : null;
  function submit() {
    const name = draft.name.trim();
    const driver = draft.driver.trim();
    create.mutate({
      engine,
      labels: fromPairs(draft.labels),
      ...(name === '' ? {} : { name }),
      ...(driver === '' ? {} : { driver }),
    });
  }
  return (
    <FormDialog
      open={open}
      onClose={close}
      title={t('volumes.add')}
      action={t('volumes.create')}
      busy={create.isPending}
      problem={failure?.message ?? null}
      onSubmit={submit}
    >
      <Field
        label={t('common.name')}
        note={t('common.optional')}
        hint={t('volumes.nameHint')}
        error={fieldMessage(failure, 'name')}
      >
        <Input
          mono
          data-autofocus
          value={draft.name}
          onChange={(event) => setDraft({ ...draft, name: event.target.value })}
        />
      </Field>
      <Field label={t('common.driver')} note={t('common.optional')} error={fieldMessage(failure, 'driver')}>
        <Input
          mono
          placeholder="local"
          value={draft.driver}
          onChange={(event) => setDraft({ ...draft, driver: event.target.value })}
        />
      </Field>
      <PairsEditor
        legend={t('common.labels')}
        namePlaceholder="com.example.label"
        pairs={draft.labels}
        onChange={(labels) => setDraft({ ...draft, labels })}
      />
    </FormDialog>
  );
}
