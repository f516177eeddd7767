import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldMessage, toFailure, useTRPC, type Inputs } from '../../lib/trpc.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Field } from '../../ui/form/field.tsx';
import { FormDialog } from '../../ui/form/form-dialog.tsx';
import { Input, Textarea } from '../../ui/form/input.tsx';
import { isSourceComplete, noSource, SourceFields, useDrafting, type AppSource } from './app-source.tsx';

const empty = { category: '', name: '', displayName: '', description: '' };

/** A new app of a server begins with what names the server. */
function begunFrom(server: string | undefined): { about: typeof empty; source: AppSource } {
  if (server === undefined) return { about: empty, source: noSource };
  const name = server.replaceAll(/[^A-Za-z0-9_-]/g, '-').slice(0, 50);
  return { about: { ...empty, category: 'Servers', name }, source: { ...noSource, kind: 'server', server } };
}

/** As they are sent: over the wire a value that is there is never undefined. */
type NewActions = NonNullable<Inputs['apps']['create']['actions']>;

/** What is known of the new app: names, and what its actions are made of. */
function useNewApp() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const toast = useToast();
  const drafted = useDrafting();
  const create = useMutation(trpc.apps.create.mutationOptions());
  return useMutation({
    mutationFn: async ({ about, source }: { about: typeof empty; source: AppSource }) => {
      const made = await drafted(source, about);
      const { id } = await create.mutateAsync({ ...about, ...(made && { actions: made.actions as NewActions }) });
      return { id, problems: made?.problems ?? [] };
    },
    onSuccess: async ({ id, problems }) => {
      await queryClient.invalidateQueries(trpc.apps.list.pathFilter());
      const [first] = problems;
      if (first) toast.bad(t('apps.source.left', { count: problems.length }), `${first.where}: ${first.message}`);
      await navigate({ to: '/simulator/$id', params: { id } });
    },
  });
}

interface NewAppDialogProps {
  categories: readonly string[];
  /** The id of a server that it is made of. */
  from: string | undefined;
  onClose: () => void;
}

/** A new app, whose page opens; its actions may be made of something that is there already. */
export function NewAppDialog({ categories, from, onClose }: NewAppDialogProps) {
  const { t } = useTranslation();
  const listId = useId();
  const [begun] = useState(() => begunFrom(from));
  const [draft, setDraft] = useState(begun.about);
  const [source, setSource] = useState(begun.source);
  const create = useNewApp();
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
      incomplete={draft.category.trim() === '' || draft.name.trim() === '' || !isSourceComplete(source)}
      problem={failure?.message ?? null}
      onSubmit={() =>
        create.mutate({
          source,
          about: {
            category: draft.category.trim(),
            name: draft.name.trim(),
            displayName: draft.displayName.trim() || draft.name.trim(),
            description: draft.description,
          },
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
      <SourceFields source={source} onChange={setSource} failure={failure} />
    </FormDialog>
  );
}
