import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { fieldMessage, useTRPC, type Failure } from '../../lib/trpc.ts';
import { Choices } from '../../ui/choices.tsx';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/input.tsx';
import type { Model, ModelDraft } from './model-draft.ts';

export interface ModelFieldsProps {
  draft: ModelDraft;
  onChange: (draft: ModelDraft) => void;
  failure: Failure | null;
  /** What is stored; null for a model to come. */
  stored: Model | null;
}

/** Who sees a model. */
export function ModelSharing({ draft, onChange, failure }: ModelFieldsProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const groups = useQuery(trpc.groups.list.queryOptions({ limit: 1000, sort: 'displayName' }));
  return (
    <>
      <Field label={t('models.visibility')} error={fieldMessage(failure, 'visibility')}>
        <Select
          value={draft.visibility}
          onChange={(event) => onChange({ ...draft, visibility: event.target.value as ModelDraft['visibility'] })}
        >
          <option value="private">{t('models.seenBy.private')}</option>
          <option value="group">{t('models.seenBy.group')}</option>
          <option value="everyone">{t('models.seenBy.everyone')}</option>
        </Select>
      </Field>
      {draft.visibility === 'group' && (
        <Choices
          legend={t('common.groups')}
          none={t('common.noGroups')}
          options={(groups.data?.items ?? []).map(({ id, displayName }) => ({
            value: id,
            label: displayName,
            text: `${displayName} ${id}`,
          }))}
          value={draft.groups}
          onChange={(chosen) => onChange({ ...draft, groups: chosen })}
          error={fieldMessage(failure, 'groups')}
        />
      )}
    </>
  );
}
