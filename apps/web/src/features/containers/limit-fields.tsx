import { useTranslation } from 'react-i18next';
import { fieldMessage, type Failure } from '../../lib/trpc.ts';
import { Field } from '../../ui/form/field.tsx';
import { Input, Select } from '../../ui/form/input.tsx';
import type { LimitDraft } from './container-draft.ts';

interface LimitFieldsProps {
  limits: LimitDraft;
  onChange: (limits: LimitDraft) => void;
  failure: Failure | null;
}

export function LimitFields({ limits, onChange, failure }: LimitFieldsProps) {
  const { t } = useTranslation();
  const fields = [
    { key: 'cpus', field: 'limits.cpus', placeholder: '0.5' },
    { key: 'memoryMb', field: 'limits.memoryBytes', placeholder: '512' },
    { key: 'pids', field: 'limits.pids', placeholder: '256' },
  ] as const;
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      {fields.map(({ key, field, placeholder }) => (
        <Field
          key={key}
          label={t(`containers.limit.${key}`)}
          note={t('common.optional')}
          error={fieldMessage(failure, field)}
        >
          <Input
            inputMode="decimal"
            placeholder={placeholder}
            value={limits[key]}
            onChange={(event) => onChange({ ...limits, [key]: event.target.value })}
          />
        </Field>
      ))}
    </div>
  );
}

const policies = ['no', 'unless-stopped', 'always', 'on-failure'] as const;

export function RestartField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  const known = policies.some((policy) => policy === value);
  return (
    <Field label={t('containers.restartPolicy')}>
      <Select value={value} onChange={(event) => onChange(event.target.value)}>
        {!known && <option value={value}>{value}</option>}
        {policies.map((policy) => (
          <option key={policy} value={policy}>
            {t(`containers.policy.${policy}`)}
          </option>
        ))}
      </Select>
    </Field>
  );
}
