import { useTranslation } from 'react-i18next';
import { fieldMessage, type Failure } from '../../lib/trpc.ts';
import { Field } from '../../ui/form/field.tsx';
import { Input, Select } from '../../ui/form/input.tsx';
import { Disclosure } from '../../ui/layout/disclosure.tsx';
import type { IsolationChoice } from './draft-fields.ts';
import type { Draft } from './server-draft.ts';

const seconds = [
  ['startTimeoutMs', 60],
  ['callTimeoutMs', 120],
  ['maxCallMs', 1800],
  ['idleMs', 600],
] as const;

interface LimitFieldsProps {
  draft: Draft;
  onChange: (draft: Draft) => void;
  failure: Failure | null;
  /** A server that exists always has an isolation; a new one may leave it to its kind. */
  withDefault: boolean;
}

/** Who shares a server's instances, and how long things may take. */
export function LimitFields({ draft, onChange, failure, withDefault }: LimitFieldsProps) {
  const { t } = useTranslation();
  const choices: IsolationChoice[] = [...(withDefault ? (['default'] as const) : []), 'session', 'user', 'shared'];
  function limit(name: keyof Draft['limits'], value: number | null) {
    const { [name]: _old, ...rest } = draft.limits;
    onChange({ ...draft, limits: value === null ? rest : { ...rest, [name]: value } });
  }
  return (
    <Disclosure boxed title={t('servers.limits.title')}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          className="sm:col-span-2"
          label={t('servers.limits.isolation')}
          hint={t(`servers.limits.isolationHint.${draft.isolation}`)}
          error={fieldMessage(failure, 'isolation')}
        >
          <Select
            value={draft.isolation}
            onChange={(event) =>
              onChange({ ...draft, isolation: choices.find((each) => each === event.target.value) ?? 'session' })
            }
          >
            {choices.map((choice) => (
              <option key={choice} value={choice}>
                {t(`servers.limits.isolationName.${choice}`)}
              </option>
            ))}
          </Select>
        </Field>
        {seconds.map(([name, fallback]) => (
          <Field
            key={name}
            label={t(`servers.limits.time.${name}`)}
            note={t('servers.limits.seconds')}
            error={fieldMessage(failure, `limits.${name}`)}
          >
            <Input
              type="number"
              min={name === 'idleMs' ? 0 : 1}
              placeholder={String(fallback)}
              value={draft.limits[name] === undefined ? '' : draft.limits[name] / 1000}
              onChange={(event) =>
                limit(name, event.target.value === '' ? null : Math.round(Number(event.target.value) * 1000))
              }
            />
          </Field>
        ))}
        <Field label={t('servers.limits.maxInstances')} error={fieldMessage(failure, 'limits.maxInstances')}>
          <Input
            type="number"
            min={1}
            max={256}
            placeholder="64"
            value={draft.limits.maxInstances ?? ''}
            onChange={(event) => limit('maxInstances', event.target.value === '' ? null : Number(event.target.value))}
          />
        </Field>
      </div>
    </Disclosure>
  );
}
