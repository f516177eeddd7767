import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { KeyRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Empty } from '../../ui/feedback/empty.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { buttonClass } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Page } from '../../ui/layout/page.tsx';

/** Every server that takes credentials of the person's own, and what is missing. */
export function CredentialsPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(trpc.slots.list.queryOptions());
  return (
    <Page title={t('credentials.title')} lead={t('credentials.lead')}>
      {error !== null && (
        <LoadFailed title={t('credentials.loadFailed')} error={error} onRetry={() => void refetch()} />
      )}
      {data !== undefined && (
        <Card flush>
          {data.length === 0 ? (
            <Empty icon={<KeyRound />} title={t('credentials.none')}>
              {t('credentials.noneHint')}
            </Empty>
          ) : (
            <ul className="divide-y divide-line">
              {data.map(({ id, name, missing }) => (
                <li key={id} className="flex flex-wrap items-center gap-3 px-4 py-3">
                  <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
                  <Badge tone={missing.length === 0 ? 'ok' : 'warn'}>
                    {missing.length === 0
                      ? t('credentials.complete')
                      : t('credentials.missing', { count: missing.length })}
                  </Badge>
                  <Link to="/servers/$id/credentials" params={{ id }} className={buttonClass('secondary', 'sm')}>
                    {t(missing.length === 0 ? 'credentials.change' : 'credentials.fillIn')}
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </Card>
      )}
    </Page>
  );
}
