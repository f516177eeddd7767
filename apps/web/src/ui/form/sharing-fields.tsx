import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Choices, type Choice } from './choices.tsx';
import { Field } from './field.tsx';
import { Select } from './input.tsx';

type Visibility = 'private' | 'group' | 'everyone';

export interface Sharing {
  visibility: Visibility;
  groups: string[];
}

interface SharingFieldsProps {
  label: string;
  hint?: ReactNode;
  /** Who sees it, by how widely it is shared. */
  names: Readonly<Record<Visibility, string>>;
  value: Sharing;
  onChange: (value: Sharing) => void;
  groups: readonly Choice[];
  wrong?: (field: 'visibility' | 'groups') => string | null;
}

/** Who else sees something: nobody, groups, or everyone. */
export function SharingFields({ label, hint, names, value, onChange, groups, wrong }: SharingFieldsProps) {
  const { t } = useTranslation();
  const visibilities = ['private', 'group', 'everyone'] as const;
  return (
    <>
      <Field label={label} hint={hint} error={wrong?.('visibility')}>
        <Select
          value={value.visibility}
          onChange={({ target }) =>
            onChange({
              ...value,
              visibility: visibilities.find((each) => each === target.value) ?? value.visibility,
            })
          }
        >
          {visibilities.map((each) => (
            <option key={each} value={each}>
              {names[each]}
            </option>
          ))}
        </Select>
      </Field>
      {value.visibility === 'group' && (
        <Choices
          legend={t('common.groups')}
          none={t('common.noGroups')}
          options={groups}
          value={value.groups}
          onChange={(chosen) => onChange({ ...value, groups: chosen })}
          error={wrong?.('groups') ?? null}
        />
      )}
    </>
  );
}
