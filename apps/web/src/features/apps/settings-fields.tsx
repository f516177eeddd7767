import { useTranslation } from 'react-i18next';
import { appVisibilities } from '@switchboard/core/apps/schema';
import { useInstance } from '../../lib/use-instance.ts';
import { Field } from '../../ui/form/field.tsx';
import { Input, Select, Textarea } from '../../ui/form/input.tsx';
import { SwitchRow } from '../../ui/form/switch.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { CodeField } from './code-field.tsx';
import type { SettingsDraft } from './settings-draft.ts';

interface SettingsFieldsProps {
  draft: SettingsDraft;
  onChange: (change: Partial<SettingsDraft>) => void;
  wrong: (field: string) => string | null;
}

function Names({ draft, onChange, wrong }: SettingsFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <div className="flex flex-wrap gap-4">
        <Field required label={t('apps.category')} error={wrong('category')} className="min-w-44 flex-1">
          <Input mono value={draft.category} onChange={(event) => onChange({ category: event.target.value })} />
        </Field>
        <Field required label={t('apps.product')} error={wrong('name')} className="min-w-44 flex-1">
          <Input mono value={draft.name} onChange={(event) => onChange({ name: event.target.value })} />
        </Field>
      </div>
      <p className="-mt-3 text-xs text-ink-3">{t('apps.urlChanges')}</p>
      <Field required label={t('apps.displayName')} error={wrong('displayName')}>
        <Input value={draft.displayName} onChange={(event) => onChange({ displayName: event.target.value })} />
      </Field>
      <Field label={t('common.description')} hint={t('apps.descriptionHint')} error={wrong('description')}>
        <Textarea
          rows={3}
          value={draft.description}
          onChange={(event) => onChange({ description: event.target.value })}
        />
      </Field>
    </>
  );
}

/** The form of an app's settings. */
export function SettingsFields(props: SettingsFieldsProps) {
  const { t } = useTranslation();
  const { me } = useInstance();
  const { draft, onChange, wrong } = props;
  const open = appVisibilities.filter(
    (each) => each !== 'everyone' || me?.can.publish === true || draft.visibility === 'everyone',
  );
  return (
    <>
      <Card title={t('apps.about')}>
        <div className="flex flex-col gap-5">
          <Names {...props} />
          <SwitchRow
            label={t('apps.enabled')}
            hint={t('apps.enabledHint')}
            checked={draft.enabled}
            onChange={(enabled) => onChange({ enabled })}
          />
          <Field label={t('apps.visibility')} hint={t('apps.visibilityHint')} error={wrong('visibility')}>
            <Select
              value={draft.visibility}
              onChange={({ target }) =>
                onChange({ visibility: appVisibilities.find((each) => each === target.value) ?? draft.visibility })
              }
            >
              {open.map((each) => (
                <option key={each} value={each}>
                  {t(`apps.seenBy.${each}`)}
                </option>
              ))}
            </Select>
          </Field>
        </div>
      </Card>
      <Card title={t('apps.answering')}>
        <div className="flex flex-col gap-5">
          <Field label={t('apps.notes')} hint={t('apps.notesHint')} error={wrong('aiNotes')}>
            <Textarea rows={4} value={draft.aiNotes} onChange={(event) => onChange({ aiNotes: event.target.value })} />
          </Field>
          <Field label={t('apps.seed')} hint={t('apps.seedHint')} error={wrong('seed')}>
            <Input mono value={draft.seed} onChange={(event) => onChange({ seed: event.target.value })} />
          </Field>
          <CodeField
            json="object"
            label={t('apps.initialState')}
            hint={t('apps.initialStateHint')}
            value={draft.initialState}
            onChange={(initialState) => onChange({ initialState })}
            error={wrong('initialState')}
          />
        </div>
      </Card>
    </>
  );
}
