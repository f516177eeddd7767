import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/form/field.tsx';
import { Input, Select } from '../../ui/form/input.tsx';
import { distributions, faultTexts, type FaultDraft } from './fault-draft.ts';

export interface FaultPartProps {
  fault: FaultDraft;
  onChange: (change: Partial<FaultDraft>) => void;
  wrong: (field: string) => string | null;
}

/** What a fault is described with. */
export function FaultFields({ fault, onChange, wrong }: FaultPartProps) {
  const { t } = useTranslation();
  const { kind, distribution } = fault;
  const texts = faultTexts[kind].filter((field) => field !== 'spread' || distribution !== 'fixed');
  if (texts.length === 0) return null;
  return (
    <div className="flex flex-wrap gap-3">
      {texts.map((field) => (
        <Field
          key={field}
          label={t(`apps.fault.${field}`)}
          error={wrong(field)}
          className={field === 'message' ? 'min-w-56 flex-1' : 'min-w-28 flex-1 sm:w-36 sm:flex-none'}
        >
          <Input
            inputMode={field === 'message' ? 'text' : 'numeric'}
            value={fault[field]}
            onChange={(event) => onChange({ [field]: event.target.value })}
          />
        </Field>
      ))}
      {kind === 'latency' && (
        <Field
          label={t('apps.fault.distribution')}
          error={wrong('distribution')}
          className="min-w-28 flex-1 sm:w-44 sm:flex-none"
        >
          <Select
            value={distribution}
            onChange={({ target }) =>
              onChange({ distribution: distributions.find((each) => each === target.value) ?? 'fixed' })
            }
          >
            {distributions.map((each) => (
              <option key={each} value={each}>
                {t(`apps.fault.distributions.${each}`)}
              </option>
            ))}
          </Select>
        </Field>
      )}
    </div>
  );
}
