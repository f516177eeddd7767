import { useTranslation } from 'react-i18next';
import type { ImportResult } from '../../lib/api-types.ts';
import { Field } from '../../ui/form/field.tsx';
import { Input, SecretInput, Select } from '../../ui/form/input.tsx';
import { Card } from '../../ui/layout/card.tsx';

type ConfigInput = ImportResult['inputs'][number];

interface ImportInputsProps {
  asked: readonly ConfigInput[];
  values: Readonly<Record<string, string>>;
  onChange: (values: Record<string, string>) => void;
}

function Answer({ ask, value, onChange }: { ask: ConfigInput; value: string; onChange: (value: string) => void }) {
  if (ask.options.length > 0) {
    return (
      <Select value={value === '' ? ask.usual : value} onChange={(event) => onChange(event.target.value)}>
        {ask.usual === '' && <option value="">—</option>}
        {ask.options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </Select>
    );
  }
  const Box = ask.password ? SecretInput : Input;
  return <Box value={value} placeholder={ask.usual} onChange={(event) => onChange(event.target.value)} />;
}

/** Asks for each value that a config of VS Code leaves open. */
export function ImportInputs({ asked, values, onChange }: ImportInputsProps) {
  const { t } = useTranslation();
  if (asked.length === 0) return null;
  return (
    <Card title={t('servers.import.inputs')}>
      <div className="flex flex-col gap-4">
        <p className="max-w-prose text-ink-2">{t('servers.import.inputsHint')}</p>
        <div className="grid items-start gap-4 sm:grid-cols-2">
          {asked.map((ask) => (
            <Field
              key={ask.id}
              label={<code className="font-mono">{ask.id}</code>}
              hint={ask.description === '' ? undefined : ask.description}
            >
              <Answer
                ask={ask}
                value={values[ask.id] ?? ''}
                onChange={(value) => onChange({ ...values, [ask.id]: value })}
              />
            </Field>
          ))}
        </div>
      </div>
    </Card>
  );
}
