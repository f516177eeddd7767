import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { Card } from '../../ui/card.tsx';
import { LoadFailed } from '../../ui/load-failed.tsx';
import { Page } from '../../ui/page.tsx';

export function SimulatorPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const apps = useQuery(trpc.apps.list.queryOptions());
  return (
    <Page title={t('apps.title')} lead={t('apps.lead')}>
      {apps.isError && !apps.data ? (
        <LoadFailed title={t('apps.loadFailed')} error={apps.error} onRetry={() => void apps.refetch()} />
      ) : (
        <Card>
          {apps.data?.length === 0 && <p>{t('apps.none')}</p>}
          <ul>
            {apps.data?.map(({ id, displayName }) => (
              <li key={id}>{displayName}</li>
            ))}
          </ul>
        </Card>
      )}
    </Page>
  );
}
