import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/form/field.tsx';
import { Input } from '../../ui/form/input.tsx';
import { SwitchRow } from '../../ui/form/switch.tsx';
import type { RuleDraft } from './rule-draft.ts';

/** Hours in which nobody is told of what is not critical. */
export function QuietFields({ draft, onChange }: { draft: RuleDraft; onChange: (draft: RuleDraft) => void }) {
  const { t } = useTranslation();
  return (
    <>
      <SwitchRow
        label={t('alerts.rule.quiet')}
        hint={t('alerts.rule.quietHint')}
        checked={draft.quiet}
        onChange={(quiet) => onChange({ ...draft, quiet })}
      />
      {draft.quiet && (
        <div className="grid gap-4 sm:grid-cols-2">
          {(['from', 'until'] as const).map((name) => (
            <Field key={name} label={t(`alerts.rule.${name}`)}>
              <Input
                type="time"
                value={draft[name]}
                onChange={({ target }) => onChange({ ...draft, [name]: target.value })}
              />
            </Field>
          ))}
          <Field label={t('alerts.rule.timeZone')} className="sm:col-span-2">
            <Input
              list="alert-time-zones"
              value={draft.timeZone}
              onChange={({ target }) => onChange({ ...draft, timeZone: target.value })}
            />
          </Field>
          <datalist id="alert-time-zones">
            {Intl.supportedValuesOf('timeZone').map((zone) => (
              <option key={zone} value={zone}>
                {zone}
              </option>
            ))}
          </datalist>
        </div>
      )}
    </>
  );
}
