import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Field } from '../../ui/form/field.tsx';
import { FormDialog } from '../../ui/form/form-dialog.tsx';
import { Textarea } from '../../ui/form/input.tsx';
import { ModelSelect } from './model-select.tsx';
import { NameField } from './name-field.tsx';
import { useNewGraph } from './use-new-graph.ts';

/** A new graph of one node, which can be run at once. */
export function NewGraphDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const models = useQuery(trpc.models.list.queryOptions());
  const usable = (models.data ?? []).filter(({ can }) => can.use);
  const [draft, setDraft] = useState({ name: '', description: '', model: '' });
  const { isPending, problem, save } = useNewGraph();
  const model = draft.model || (usable[0]?.name ?? '');
  function create() {
    const node = { name: t('graphs.add.firstNode'), model_name: model, input_nodes: ['start'], output_nodes: ['end'] };
    save({ name: draft.name.trim(), description: draft.description, nodes: [node] });
  }
  return (
    <FormDialog
      open
      onClose={onClose}
      title={t('graphs.add.title')}
      action={t('graphs.add.create')}
      busy={isPending}
      incomplete={draft.name.trim() === '' || model === ''}
      problem={problem}
      onSubmit={create}
    >
      <NameField value={draft.name} onChange={(name) => setDraft({ ...draft, name })} />
      <Field label={t('common.description')} note={t('common.optional')}>
        <Textarea
          rows={2}
          value={draft.description}
          onChange={(event) => setDraft({ ...draft, description: event.target.value })}
        />
      </Field>
      <ModelSelect
        label={t('graphs.add.model')}
        hint={t('graphs.add.modelHint')}
        value={model}
        onChange={(name) => setDraft({ ...draft, model: name })}
        disabled={false}
      />
      {models.data !== undefined && usable.length === 0 && (
        <Callout tone="warn" title={t('graphs.noModel')}>
          <Link to="/models" className="underline">
            {t('graphs.toModels')}
          </Link>
        </Callout>
      )}
    </FormDialog>
  );
}
