import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Empty } from '../../ui/feedback/empty.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Select } from '../../ui/form/input.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { useApp } from './app-context.ts';
import { TryPanel } from './try-panel.tsx';

export function TryTab() {
  const { t } = useTranslation();
  const app = useApp();
  const search = useSearch({ from: '/simulator/$id/try' });
  const navigate = useNavigate({ from: '/simulator/$id/try' });
  const action = app.actions.find(({ name }) => name === search.action) ?? app.actions[0];
  if (!action)
    return (
      <Card>
        <Empty title={t('apps.action.none')}>{t('apps.action.noneHint')}</Empty>
      </Card>
    );
  return (
    <Card title={t('apps.tab.try')} className="max-w-3xl">
      <div className="flex flex-col gap-5">
        <Field
          label={t('apps.action.one')}
          hint={action.description === '' ? undefined : <p className="line-clamp-3">{action.description}</p>}
        >
          <Select
            value={action.name}
            onChange={(event) => void navigate({ search: { action: event.target.value }, replace: true })}
          >
            {app.actions.map(({ name, displayName }) => (
              <option key={name} value={name}>
                {displayName === '' ? name : `${name}: ${displayName}`}
              </option>
            ))}
          </Select>
        </Field>
        <TryPanel key={action.name} action={action} />
      </div>
    </Card>
  );
}
