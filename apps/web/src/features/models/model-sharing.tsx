import { useTranslation } from 'react-i18next';
import { fieldMessage, type Failure } from '../../lib/trpc.ts';
import { useGroupChoices } from '../../lib/use-group-choices.ts';
import { SharingFields } from '../../ui/form/sharing-fields.tsx';
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
  const groups = useGroupChoices();
  return (
    <SharingFields
      label={t('models.visibility')}
      names={{
        private: t('models.seenBy.private'),
        group: t('models.seenBy.group'),
        everyone: t('models.seenBy.everyone'),
      }}
      value={{ visibility: draft.visibility, groups: [...draft.groups] }}
      onChange={(sharing) => onChange({ ...draft, ...sharing })}
      groups={groups}
      wrong={(field) => fieldMessage(failure, field)}
    />
  );
}
