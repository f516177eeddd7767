import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldMessage, toFailure, useTRPC } from '../../lib/trpc.ts';
import { Field } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Input, Textarea } from '../../ui/input.tsx';

const empty = { category: '', name: '', displayName: '', description: '' };

/** A new app has no actions yet; its page opens to add some. */
export function NewAppDialog({ categories, onClose }: { categories: readonly string[]; onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const listId = useId();
  const [draft, setDraft] = useState(empty);
  const create = useMutation(
    trpc.apps.create.mutationOptions({
      onSuccess: async ({ id }) => {
        await queryClient.invalidateQueries(trpc.apps.list.pathFilter());
        await navigate({ to: '/simulator/$id', params: { id } });
      },
    }),
  );
  const failure = create.error ? toFailure(create.error) : null;
  function set(change: Partial<typeof empty>) {
    setDraft({ ...draft, ...change });
  }
  return (
    <FormDialog
      open
      onClose={onClose}
      title={t('apps.add')}
      action={t('apps.create')}
      busy={create.isPending}
      incomplete={draft.category.trim() === '' || draft.name.trim() === ''}
      problem={failure?.message ?? null}
      onSubmit={() =>
        create.mutate({
          category: draft.category.trim(),
          name: draft.name.trim(),
          displayName: draft.displayName.trim() || draft.name.trim(),
          description: draft.description,
        })
      }
    >
      <div className="flex flex-wrap gap-4">
        <Field
          required
          label={t('apps.category')}
          error={fieldMessage(failure, 'category')}
          className="min-w-40 flex-1"
        >
          <Input
            mono
            list={listId}
            placeholder="Ticket"
            data-autofocus
            value={draft.category}
            onChange={(event) => set({ category: event.target.value })}
          />
        </Field>
        <datalist id={listId}>
          {categories.map((category) => (
            <option key={category} value={category}>
              {category}
            </option>
          ))}
        </datalist>
        <Field required label={t('apps.product')} error={fieldMessage(failure, 'name')} className="min-w-40 flex-1">
          <Input mono placeholder="Jira" value={draft.name} onChange={(event) => set({ name: event.target.value })} />
        </Field>
      </div>
      <p className="-mt-2 text-xs text-ink-3">{t('apps.nameRule')}</p>
      <Field label={t('apps.displayName')} error={fieldMessage(failure, 'displayName')}>
        <Input
          placeholder={draft.name}
          value={draft.displayName}
          onChange={(event) => set({ displayName: event.target.value })}
        />
      </Field>
      <Field label={t('common.description')} error={fieldMessage(failure, 'description')}>
        <Textarea rows={3} value={draft.description} onChange={(event) => set({ description: event.target.value })} />
      </Field>
    </FormDialog>
  );
}
