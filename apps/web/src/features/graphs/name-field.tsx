import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/form/field.tsx';
import { Input } from '../../ui/form/input.tsx';

interface NameFieldProps {
  value: string;
  onChange: (value: string) => void;
  hint?: string;
}

export function NameField({ value, onChange, hint }: NameFieldProps) {
  const { t } = useTranslation();
  return (
    <Field required label={t('common.name')} hint={hint ?? t('graphs.nameRule')}>
      <Input data-autofocus maxLength={100} value={value} onChange={(event) => onChange(event.target.value)} />
    </Field>
  );
}
