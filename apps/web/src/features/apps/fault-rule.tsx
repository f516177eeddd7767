import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/form/field.tsx';
import { Input, Select } from '../../ui/form/input.tsx';
import { Disclosure } from '../../ui/layout/disclosure.tsx';
import type { FaultPartProps } from './fault-fields.tsx';

const numbers = ['rate', 'first', 'every'] as const;
const matches = ['pointer', 'equals', 'contains'] as const;

/** Which calls a fault meets; all that is given must hold. */
export function FaultRule({ fault, onChange, wrong, actions }: FaultPartProps & { actions: readonly string[] }) {
  const { t } = useTranslation();
  const { action } = fault;
  const known = action === '' || actions.includes(action) ? actions : [action, ...actions];
  const isSaid = [...numbers, ...matches, 'action' as const].some((field) => fault[field] !== '');
  return (
    <Disclosure title={t(isSaid ? 'apps.fault.some' : 'apps.fault.all')} open={isSaid}>
      <div className="flex flex-col gap-3">
        <div className="flex flex-wrap gap-3">
          {numbers.map((field) => (
            <Field
              key={field}
              label={t(`apps.fault.${field}`)}
              error={wrong(field)}
              className="min-w-28 flex-1 sm:w-36 sm:flex-none"
            >
              <Input
                inputMode="decimal"
                value={fault[field]}
                onChange={(event) => onChange({ [field]: event.target.value })}
              />
            </Field>
          ))}
          <Field label={t('apps.action.one')} error={wrong('action')} className="min-w-44 flex-1">
            <Select value={action} onChange={(event) => onChange({ action: event.target.value })}>
              <option value="">{t('apps.fault.anyAction')}</option>
              {known.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </Select>
          </Field>
        </div>
        <div className="flex flex-wrap gap-3">
          {matches.map((field) => (
            <Field
              key={field}
              label={t(`apps.fault.${field}`)}
              error={wrong(`argument.${field}`)}
              className="min-w-40 flex-1"
            >
              <Input
                mono
                placeholder={field === 'pointer' ? '/host/name' : ''}
                value={fault[field]}
                disabled={field !== 'pointer' && fault.pointer === ''}
                onChange={(event) => onChange({ [field]: event.target.value })}
              />
            </Field>
          ))}
        </div>
      </div>
    </Disclosure>
  );
}
