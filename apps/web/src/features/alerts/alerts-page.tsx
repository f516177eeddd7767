import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { alertSeverities } from '@switchboard/core/alerts/schema';
import { useInstance } from '../../lib/use-instance.ts';
import { Segmented } from '../../ui/form/segmented.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { FilterSelect } from '../../ui/table/filter-select.tsx';
import { AlertList } from './alert-list.tsx';
import { AlertRules } from './alert-rules.tsx';

/** What needs somebody, what needed somebody, and what the hub looks at. */
export function AlertsPage() {
  const { t } = useTranslation();
  const { me } = useInstance();
  const { tab = 'open', severity } = useSearch({ from: '/alerts' });
  const navigate = useNavigate({ from: '/alerts' });
  const mayManage = me?.can.manageAlerts === true;
  const tabs = mayManage ? (['open', 'resolved', 'rules'] as const) : (['open', 'resolved'] as const);
  const shown = tab === 'rules' && !mayManage ? 'open' : tab;
  return (
    <Page title={t('alerts.title')} lead={t('alerts.lead')}>
      <Card flush>
        <div className="flex min-h-14 flex-wrap items-center gap-2 border-b border-line px-4 py-2">
          <Segmented
            label={t('alerts.show')}
            value={shown}
            options={tabs.map((value) => ({ value, label: t(`alerts.tabs.${value}`) }))}
            onChange={(next) => void navigate({ search: (old) => ({ ...old, tab: next }), replace: true })}
          />
          {shown !== 'rules' && (
            <FilterSelect
              label={t('alerts.severityLabel')}
              any={t('alerts.anySeverity')}
              value={severity}
              options={alertSeverities.map((value) => ({ value, text: t(`alerts.severity.${value}`) }))}
              onChange={(next) =>
                void navigate({ search: (old) => ({ ...old, severity: next || undefined }), replace: true })
              }
            />
          )}
        </div>
        {shown === 'rules' ? <AlertRules /> : <AlertList state={shown} severity={severity} />}
      </Card>
    </Page>
  );
}
