import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { Field } from '../../ui/form/field.tsx';
import { Select } from '../../ui/form/input.tsx';

interface ModelSelectProps {
  label?: string;
  hint?: string;
  value: string;
  onChange: (name: string) => void;
  disabled: boolean;
  isOptional?: boolean;
}

/** A model that the person may use. */
export function ModelSelect({ label, hint, value, onChange, disabled, isOptional = false }: ModelSelectProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const models = useQuery(trpc.models.list.queryOptions());
  const usable = (models.data ?? []).filter(({ can }) => can.use);
  const known = usable.find(({ id, name }) => id === value || name === value);
  return (
    <Field required={!isOptional} label={label ?? t('graphs.node.model')} hint={hint}>
      <Select value={known?.name ?? value} disabled={disabled} onChange={({ target }) => onChange(target.value)}>
        {isOptional && <option value="">{t('graphs.attempts.none')}</option>}
        {known === undefined && (value !== '' || !isOptional) && (
          <option value={value}>
            {value === '' ? t('graphs.node.chooseModel') : t('graphs.node.away', { name: value })}
          </option>
        )}
        {usable.map(({ id, name }) => (
          <option key={id} value={name}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
  );
}
