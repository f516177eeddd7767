import { Lock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { settingMask } from '@switchboard/core/configuration/schema';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input, SecretInput, Select, Textarea } from '../../ui/form/input.tsx';
import { SwitchRow } from '../../ui/form/switch.tsx';
import type { SettingField } from './fields.ts';

interface FieldProps {
  field: SettingField;
  /** As it is typed; null: a secret that goes away. */
  value: string | boolean | null;
  /** A secret is stored. */
  isSet: boolean;
  error: string | null;
  onChange: (value: string | boolean | null) => void;
}

function SecretField({ field, value, isSet, error, onChange }: FieldProps) {
  const { t } = useTranslation();
  const removed = value === null;
  return (
    <Field label={t(field.label)} hint={field.hint && t(field.hint)} error={error}>
      <SecretInput
        value={typeof value === 'string' ? value : ''}
        placeholder={isSet && !removed ? settingMask : ''}
        onChange={(event) => onChange(event.target.value)}
      />
      {isSet && (
        <p className="flex flex-wrap items-center gap-2 text-xs text-ink-3">
          {t(removed ? 'settings.secretGoes' : 'settings.secretStored')}
          <Button size="sm" look="ghost" onClick={() => onChange(removed ? '' : null)}>
            {t(removed ? 'settings.secretKeep' : 'settings.secretRemove')}
          </Button>
        </p>
      )}
    </Field>
  );
}

/** One setting of a form. */
export function SectionField(props: FieldProps) {
  const { t } = useTranslation();
  const { field, value, error, onChange } = props;
  const text = typeof value === 'string' ? value : '';
  if (field.kind === 'secret') return <SecretField {...props} />;
  if (field.kind === 'switch') {
    const hint = field.hint && t(field.hint);
    return <SwitchRow label={t(field.label)} {...(hint && { hint })} checked={value === true} onChange={onChange} />;
  }
  return (
    <Field label={t(field.label)} hint={field.hint && t(field.hint)} error={error}>
      {field.kind === 'choice' ? (
        <Select value={text} onChange={(event) => onChange(event.target.value)}>
          {field.options.map((option) => (
            <option key={option.value} value={option.value}>
              {t(option.label)}
            </option>
          ))}
        </Select>
      ) : field.kind === 'lines' || field.kind === 'long' ? (
        <Textarea rows={3} value={text} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <Input
          {...(field.kind === 'number' && { type: 'number', min: 1, max: field.most })}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

/** A setting that a variable holds: shown, and not offered. */
export function LockedField({
  field,
  value,
  variable,
}: {
  field: SettingField;
  value: string | boolean;
  variable: string;
}) {
  const { t } = useTranslation();
  const option = field.kind === 'choice' ? field.options.find((each) => each.value === value) : undefined;
  const shown =
    typeof value === 'boolean' ? t(value ? 'settings.on' : 'settings.off') : option ? t(option.label) : value;
  return (
    <div>
      <p className="text-sm font-medium">{t(field.label)}</p>
      <p>{shown}</p>
      <p className="flex items-center gap-1.5 text-xs text-ink-3">
        <Lock aria-hidden className="size-3.5 shrink-0" />
        {t('settings.setBy', { variable })}
      </p>
    </div>
  );
}
