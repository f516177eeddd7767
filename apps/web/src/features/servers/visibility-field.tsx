import { useTranslation } from 'react-i18next';
import { visibilities } from '@switchboard/core/servers/schema';
import { fieldMessage, type Failure } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { Field } from '../../ui/form/field.tsx';
import { Select } from '../../ui/form/input.tsx';
import type { Draft } from './server-draft.ts';

interface VisibilityFieldProps {
  draft: Draft;
  onChange: (draft: Draft) => void;
  failure: Failure | null;
  /** What it is now: stays to be chosen, whoever may not choose it anew. */
  current?: Draft['visibility'];
  disabled?: boolean;
}

/** Who sees the server besides its owner. */
export function VisibilityField({ draft, onChange, failure, current = 'group', disabled }: VisibilityFieldProps) {
  const { t } = useTranslation();
  const { me } = useInstance();
  const offered = visibilities.filter((each) => each !== 'everyone' || each === current || me?.can.publish);
  return (
    <Field
      label={t('servers.visibility.label')}
      hint={t(`servers.visibility.hint.${draft.visibility}`)}
      error={fieldMessage(failure, 'visibility')}
    >
      <Select
        value={draft.visibility}
        disabled={disabled}
        onChange={({ target }) =>
          onChange({ ...draft, visibility: offered.find((each) => each === target.value) ?? 'group' })
        }
      >
        {offered.map((each) => (
          <option key={each} value={each}>
            {t(`servers.visibility.name.${each}`)}
          </option>
        ))}
      </Select>
    </Field>
  );
}
