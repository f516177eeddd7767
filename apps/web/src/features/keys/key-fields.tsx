import { useTranslation } from 'react-i18next';
import { fieldMessage, type Failure } from '../../lib/trpc.ts';
import { Field } from '../../ui/form/field.tsx';
import { Input, Select } from '../../ui/form/input.tsx';
import { Disclosure } from '../../ui/layout/disclosure.tsx';
import { lifetimes, type KeyDraft } from './key-draft.ts';
import { ScopeFields } from './scope-fields.tsx';

interface KeyFieldsProps {
  draft: KeyDraft;
  onChange: (draft: KeyDraft) => void;
  failure: Failure | null;
  isNew: boolean;
}

export function KeyFields({ draft, onChange, failure, isNew }: KeyFieldsProps) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-4">
      <Field label={t('common.name')} hint={t('keys.nameHint')} required error={fieldMessage(failure, 'name')}>
        <Input
          value={draft.name}
          onChange={(event) => onChange({ ...draft, name: event.target.value })}
          data-autofocus
          placeholder="Claude Code, laptop"
        />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('keys.expires')} error={fieldMessage(failure, 'expiresAt')}>
          <Select
            value={draft.days}
            onChange={(event) =>
              onChange({ ...draft, days: lifetimes.find((each) => each === event.target.value) ?? 'keep' })
            }
          >
            {!isNew && <option value="keep">{t('keys.keepExpiry')}</option>}
            {lifetimes.map((each) => (
              <option key={each} value={each}>
                {each === '0' ? t('keys.noExpiry') : t('keys.days', { count: Number(each) })}
              </option>
            ))}
          </Select>
        </Field>
        <Field
          label={t('keys.callsPerMinute')}
          hint={t('keys.callsPerMinuteHint')}
          error={fieldMessage(failure, 'callsPerMinute')}
        >
          <Input
            type="number"
            min={1}
            value={draft.callsPerMinute}
            onChange={(event) => onChange({ ...draft, callsPerMinute: event.target.value })}
          />
        </Field>
      </div>
      <Disclosure boxed title={t('keys.scope')} open={!isNew}>
        <ScopeFields draft={draft} onChange={onChange} failure={failure} />
      </Disclosure>
    </div>
  );
}
